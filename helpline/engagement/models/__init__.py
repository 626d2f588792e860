"""What people outside the house ask of us and say to us; one file for each subject."""

from helpline.engagement.models.consultations import (
    Choice,
    Comment,
    HuiCount,
    HuiNote,
    Position,
    Said,
    Submission,
)
from helpline.engagement.models.events import Registration
from helpline.engagement.models.posters import ADDRESS_BYTES, LONGEST_ADDRESS, PosterOrder, PosterVisits
from helpline.engagement.models.questions import AskedQuestion, Usefulness
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
    "ADDRESS_BYTES",
    "LONGEST_ADDRESS",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "AskedQuestion",
    "Choice",
    "Comment",
    "HuiCount",
    "HuiNote",
    "Mailing",
    "Position",
    "PosterOrder",
    "PosterVisits",
    "Registration",
    "Said",
    "SignUp",
    "Submission",
    "Subscriber",
    "Topic",
    "Update",
    "Usefulness",
    "Wishes",
]
