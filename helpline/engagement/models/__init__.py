"""What people outside the house ask of us and say to us; one file for each subject."""

from helpline.engagement.models.updates import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Mailing,
    SignUp,
    Subscriber,
    Topic,
    Update,
    Wishes,
)

__all__ = [
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "Mailing",
    "SignUp",
    "Subscriber",
    "Topic",
    "Update",
    "Wishes",
]
