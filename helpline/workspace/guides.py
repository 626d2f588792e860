"""Guided endings: what to say, step by step, to somebody who is silent, pranks, insults or abuses; and when to stop.

The sentences are suggestions. None of them blames, neither the person nor who answers.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Step:
    what: Text
    """For the counsellor."""
    say: Text
    """For the person; put into the reply box, never sent by itself."""


@dataclass(frozen=True)
class Guide:
    kind: str
    name: Text
    lead: Text
    steps: tuple[Step, ...]
    is_abusive: bool = True
    """It is counted for the shift, as an abusive contact."""


SILENT, PRANK, INSULTS, SEXUAL = "silent", "prank", "insults", "sexual"

GUIDES = (
    Guide(
        SILENT,
        _("Nobody says anything"),
        _("Many people who cannot write yet are reading. Somebody may be beside them. Silence is never blocked."),
        (
            Step(_("Say that you are there."), _("Kia ora. I am here. Take your time, there is no hurry.")),
            Step(
                _("After about three minutes: make answering easy."),
                _("If writing is hard just now, one letter is enough: Y for yes, N for no. Are you safe right now?"),
            ),
            Step(
                _("After three more: say when you will end, and how to come back."),
                _("I will stay two more minutes. If now is not a good time, you can come back whenever it suits you."),
            ),
            Step(
                _("Then end it. If anything here worried you, call for help first."),
                _("I am ending this chat now. You are welcome to come back at any time, and you can also call."),
            ),
        ),
        is_abusive=False,
    ),
    Guide(
        PRANK,
        _("A prank or a joke"),
        _("A joke is sometimes how somebody finds out whether it is safe to talk. Take it seriously once, not twice."),
        (
            Step(
                _("Answer as if it were meant."),
                _(
                    "Thank you for writing. This line is for people who were hurt, or who worry about someone. Is "
                    "there something you would like to talk about?"
                ),
            ),
            Step(
                _("If it goes on, say what you can do and what you cannot."),
                _("I can only stay in this chat if there is something I can help with. Is there?"),
            ),
            Step(
                _("Then end it."),
                _("I am ending this chat now so that others can reach us. If you need us one day, you are welcome."),
            ),
        ),
    ),
    Guide(
        INSULTS,
        _("Threats or insults"),
        _(
            "Anger is often fear. You need not take it: say once what you need, then end it. Call for help if you feel "
            "unsafe."
        ),
        (
            Step(
                _("Name the anger, and what you need."),
                _("I can hear how angry you are, and I would like to help. For that we need to talk without insults."),
            ),
            Step(
                _("Say what comes next. Say it once."),
                _("If it goes on like this, I will end this chat. If you want to talk about what happened, I am here."),
            ),
            Step(
                _("Then end it, and block if it would only start again."),
                _("I am ending this chat now. You can call us, or chat again later, when it is easier to talk."),
            ),
        ),
    ),
    Guide(
        SEXUAL,
        _("Sexual abuse of you"),
        _(
            "You do not have to read on, or to answer. You may end it at any step, also at once and without a word. "
            "It is not your fault, and it is not a failure."
        ),
        (
            Step(
                _("One sentence, if you want to say one."),
                _(
                    "I am not going to go on with this kind of conversation. If you were hurt, or worry about your own "
                    "behaviour, I am here for that."
                ),
            ),
            Step(
                _("If it goes on: end it and block. Then take a break, and tell a supervisor if you like."),
                _(
                    "I am ending this chat now. There is help, without judgement, for people who worry about their own "
                    "sexual thoughts or behaviour. You can ask for it here."
                ),
            ),
        ),
    ),
)
OF_KIND = {guide.kind: guide for guide in GUIDES}
