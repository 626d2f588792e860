"""The two languages that updates are written in, and a phrase in both."""

from dataclasses import dataclass

from django.db import models


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    TE_REO = "mi", "Te reo Māori"

    @property
    def other(self) -> "Language":
        return Language.TE_REO if self == Language.ENGLISH else Language.ENGLISH


@dataclass(frozen=True)
class Word:
    """The same in both."""

    en: str
    mi: str

    def __getitem__(self, language: str) -> str:
        return self.mi if language == Language.TE_REO else self.en
