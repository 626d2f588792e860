"""The two languages in which what is public is written side by side, and a phrase in both."""

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
    """The same in both languages; `short` where a chart has no room for the English."""

    en: str
    mi: str
    short: str = ""

    def __getitem__(self, language: str) -> str:
        return self.mi if language == Language.TE_REO else self.en

    def brief(self, language: str) -> str:
        """For a chart."""
        return self.short if self.short and language == Language.ENGLISH else self[language]
