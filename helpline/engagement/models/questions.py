"""Questions that somebody asked us to answer for everybody, and how often answers were of use."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpline.content.models import QuestionPage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.vault.codes import new_code
from helpline.vault.erasure import NOTHING_PERSONAL, Erasure
from helpline.vault.kept import sealed_bytes

LONGEST_QUESTION = 500
LONGEST_ASKER = 254
SEALED_QUESTION_BYTES = sealed_bytes(6 * (LONGEST_QUESTION + LONGEST_ASKER) + 64)  # as JSON


class AskedQuestion(models.Model):
    """What somebody would like to know, and where a link to the answer is to go, if anywhere."""

    erasure = Erasure(
        holds="a question in somebody's own words and, if they gave one, an e-mail address, both sealed; the day, and "
        "in which language they read",
        ends="when it is answered or put aside, and 60 days after it was asked in any case",
        by="helpline.engagement.questions.end_questions",
    )

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    sealed = models.BinaryField(max_length=SEALED_QUESTION_BYTES, help_text=_("Under a key outside the database."))
    asked_on = models.DateField()
    page = models.ForeignKey(
        QuestionPage,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Where it is being answered; who asked is told once that is published."),
    )

    class Meta:
        ordering = ["asked_on", "pk"]


class Usefulness(models.Model):
    """How often somebody pressed yes or no below an answer in a month. Presses are counted; nobody is known."""

    erasure = NOTHING_PERSONAL

    page = models.ForeignKey(QuestionPage, on_delete=models.CASCADE, related_name="usefulness")
    month = models.DateField(help_text=_("Its first day."))
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "month"], name="engagement_useful_once")]
