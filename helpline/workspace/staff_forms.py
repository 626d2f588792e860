"""What is asked on the pages about colleagues. A refusal says what to do, and what was typed stays."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from helpline.accounts.models import Gender, Role, User
from helpline.accounts.skills import SKILLS, name_of
from helpline.lines.languages import LANGUAGES
from helpline.lines.models import Course, Line
from helpline.vault.codes import Malformed, b64url_decode, is_code
from helpline.vault.passphrases import SALT_BYTES, StaffKeys
from helpline.vault.sealing import PUBLIC_KEY_BYTES, WRAPPED_KEY_BYTES
from helpline.vault.signing import PUBLIC_BYTES
from helpline.workspace.members import WITH_WORDS, lines_for, roles_for, roles_to_invite

TYPED = {"autocomplete": "off"}
NAME_FOR_SIGNING_IN = RegexValidator(
    r"^[a-z0-9][a-z0-9.-]*$", _("Small letters a to z, digits, dots and hyphens only.")
)
NAME_IS_TAKEN = _("Somebody signs in under this name, or is invited under it. Choose another.")
LONGEST_TERM_MONTHS = 120


def _skills(more: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Those that have a name, and whichever are in use besides."""
    used = {skill for skills in User.objects.values_list("skills", flat=True) for skill in skills}
    return [(skill, name_of(skill)) for skill in [*SKILLS, *sorted((used | {*more}) - {*SKILLS})]]


def _lines(lines: Iterable[Line]) -> list[tuple[str, str]]:
    return [(line.slug, line.name) for line in lines]


class Several(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **facts: Any) -> None:
        super().__init__(required=False, **facts)


class InvitationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As colleagues know them."))
    username = forms.CharField(
        label=_("Name for signing in"),
        max_length=60,
        validators=[NAME_FOR_SIGNING_IN],
        help_text=_("Small letters, digits, dots and hyphens. Nobody else may have it."),
    )
    pseudonym = forms.CharField(label=_("Pseudonym"), max_length=40, help_text=_("What a help-seeker sees."))
    role = forms.ChoiceField(label=_("Role"))
    lines = Several(label=_("Lines"))
    skills = Several(label=_("Skills"))

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.is_line_needed = user.role != Role.OPERATOR
        self.fields["role"].choices = [(role.value, role.label) for role in roles_to_invite(user)]  # type: ignore[attr-defined]  # typed as any field
        self.fields["lines"].choices = _lines(lines_for(user))  # type: ignore[attr-defined]  # typed as any field
        self.fields["skills"].choices = _skills()  # type: ignore[attr-defined]  # typed as any field
        _type_off(self)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        needs_line = self.is_line_needed or given.get("role") in WITH_WORDS
        if needs_line and not given.get("lines") and "lines" not in self.errors:
            self.add_error("lines", _("Choose at least one line for them to work on."))
        return given


class AbilitiesForm(forms.Form):
    pseudonym = forms.CharField(label=_("Pseudonym"), max_length=40, help_text=_("What a help-seeker sees."))
    skills = Several(label=_("Skills"))
    languages = Several(label=_("Languages"), choices=list(LANGUAGES.items()))
    gender = forms.ChoiceField(
        label=_("Gender"),
        required=False,
        choices=[("", _("Not said")), *Gender.choices],
        help_text=_("Only where they say so: a help-seeker may ask for it."),
    )
    is_new_starter = forms.BooleanField(
        label=_("New starter"), required=False, help_text=_("Has fewer conversations at a time.")
    )

    def __init__(self, member: User, data: Any = None) -> None:
        facts = ("pseudonym", "skills", "languages", "gender", "is_new_starter")
        super().__init__(data, initial={name: getattr(member, name) for name in facts}, prefix="abilities")
        self.fields["skills"].choices = _skills(member.skills)  # type: ignore[attr-defined]  # typed as any field
        _type_off(self)

    def clean_languages(self) -> list[str]:
        languages: list[str] = self.cleaned_data["languages"]
        if not languages:
            raise ValidationError(_("Choose at least one language."))
        return languages


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, user: User, member: User, data: Any = None) -> None:
        super().__init__(data, initial={"role": member.role}, prefix="role")
        self.fields["role"].choices = [(role.value, role.label) for role in roles_for(user, member)]  # type: ignore[attr-defined]  # typed as any field


class LinesForm(forms.Form):
    lines = Several(label=_("Lines"))

    def __init__(self, user: User, member: User, data: Any = None) -> None:
        own = list(Line.objects.filter(memberships__user=member).values_list("slug", flat=True))
        super().__init__(data, initial={"lines": own}, prefix="lines")
        self.fields["lines"].choices = _lines(lines_for(user))  # type: ignore[attr-defined]  # typed as any field

    @property
    def chosen(self) -> list[Line]:
        return list(Line.objects.filter(slug__in=self.cleaned_data["lines"]))


class TrainingForm(forms.Form):
    course = forms.ModelChoiceField(Course.objects.none(), label=_("Course"), to_field_name="slug", empty_label=None)
    completed_on = forms.DateField(
        label=_("Completed on"),
        input_formats=["%Y-%m-%d"],  # 03/04 is another day in another country
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"placeholder": "2026-11-26"}),
        help_text=_("Year, month and day, like 2026-11-26."),
        error_messages={"invalid": _("Write the day as year, month and day, like 2026-11-26.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="training")
        self.fields["course"].queryset = Course.objects.all()  # type: ignore[attr-defined]  # typed as any field
        _type_off(self)

    def clean_completed_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["completed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("That day is still to come."))
        return day


class CourseForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    months = forms.IntegerField(
        label=_("Counts for how many months"),
        required=False,
        min_value=1,
        max_value=LONGEST_TERM_MONTHS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Left empty, it never runs out."),
    )
    skills = Several(label=_("Skills that count only with it"))
    lines = Several(label=_("Lines that require it of everybody"))

    def __init__(self, course: Course | None = None, data: Any = None) -> None:
        self.course, self.is_new = course or Course(), course is None
        required = Line.objects.filter(required_courses__contains=[self.course.slug]) if course else Line.objects.none()
        initial = {"lines": list(required.values_list("slug", flat=True))}
        initial |= {name: getattr(self.course, name) for name in ("name", "months", "skills")}
        super().__init__(data, initial=initial, prefix=course.slug if course else "new")
        self.fields["skills"].choices = _skills(self.course.skills)  # type: ignore[attr-defined]  # typed as any field
        self.fields["lines"].choices = _lines(Line.objects.all())  # type: ignore[attr-defined]  # typed as any field
        _type_off(self)

    def clean_name(self) -> str:
        """A new course is called in the account after its name."""
        name: str = self.cleaned_data["name"]
        if self.is_new:
            slug = slugify(name)[:30].strip("-")
            if not slug or Course.objects.filter(slug=slug).exists():
                raise ValidationError(_("There is a course of that name already, or it has no letters in it."))
            self.course.slug = slug
        return name

    def filled(self) -> tuple[Course, list[Line]]:
        given = self.cleaned_data
        for name in ("name", "months", "skills"):
            setattr(self.course, name, given[name])
        return self.course, list(Line.objects.filter(slug__in=given["lines"]))


def _type_off(form: forms.Form) -> None:
    """What is typed about colleagues is not completed from a browser's memory."""
    for field in form.fields.values():
        field.widget.attrs.update(TYPED)


# What an invited person's browser sends


class Bytes(forms.CharField):
    """Base64url of so many bytes."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length

    def clean(self, value: Any) -> bytes:
        try:
            data = b64url_decode(super().clean(value))
        except Malformed:
            raise ValidationError("", code="base64url") from None
        if len(data) != self.length:
            raise ValidationError("", code="size")
        return data


class WordsForm(forms.Form):
    words = forms.CharField(max_length=120)


class TakeUpForm(WordsForm):
    code = forms.CharField(max_length=22)
    salt = Bytes(SALT_BYTES)
    public_key = Bytes(PUBLIC_KEY_BYTES)
    signing_key = Bytes(PUBLIC_BYTES)
    wrapped = Bytes(WRAPPED_KEY_BYTES)
    secret = forms.RegexField(r"^[A-Za-z0-9_-]{43}$")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_code(code):
            raise ValidationError("", code="code")
        return code

    @property
    def keys(self) -> StaffKeys:
        given = self.cleaned_data
        return StaffKeys(
            salt=given["salt"],
            public_key=given["public_key"],
            signing_key=given["signing_key"],
            wrapped_seed=given["wrapped"],
            sign_in_secret=given["secret"],
        )
