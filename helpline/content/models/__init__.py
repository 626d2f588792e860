"""The public pages, and what stands in several of them."""

from helpline.content.models.consultations import ConsultationPage
from helpline.content.models.events import EventPage
from helpline.content.models.numbers import ContactNumber
from helpline.content.models.pages import HomePage, InformationPage, PublicPage
from helpline.content.models.pictures import Picture, PictureRendition
from helpline.content.models.posters import PosterWords
from helpline.content.models.questions import QuestionPage
from helpline.content.models.review import SecondLook

__all__ = [
    "ConsultationPage",
    "ContactNumber",
    "EventPage",
    "HomePage",
    "InformationPage",
    "Picture",
    "PictureRendition",
    "PosterWords",
    "PublicPage",
    "QuestionPage",
    "SecondLook",
]
