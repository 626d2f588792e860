"""Mail to representatives: plain text, a neutral subject, and nothing in it but why it came and where to go."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def door_of(request: HttpRequest) -> str:
    """Where the door is. Behind TLS as the operator wrote it: what a request calls its host anybody can write."""
    return door() if settings.BEHIND_TLS else request.build_absolute_uri("/")


def door() -> str:
    return f"{'https' if settings.BEHIND_TLS else 'http'}://{settings.PORTAL_HOSTS[0]}/"


def send(to: str, subject: str, text: str) -> bool:
    return send_message(EmailMessage(subject, text, None, [to]))


def send_message(message: EmailMessage) -> bool:
    """Whether a mail server took it. What goes wrong is logged as its kind alone."""
    try:
        message.send()
    except (OSError, smtplib.SMTPException):
        logger.warning("A mail was not taken", exc_info=True)  # of which web/logs.py keeps kind and place
        return False
    return True


def send_link(to: str, address: str, minutes: int) -> bool:
    text = _(
        "Somebody, we hope you, asked to come in at the door for services.\n\n"
        "Open this within {minutes} minutes, in the browser in which you asked, then press the button there:\n\n"
        "{address}\n\n"
        "It works once. If it was not you, do nothing: without your phone nobody comes in with it.\n"
    )
    return send(to, _("Your link to come in"), text.format(minutes=minutes, address=address))


def send_notice(to: str, address: str) -> bool:
    text = _("Kia ora,\n\nsomething new waits in your inbox at the door for services:\n\n{address}\n")
    return send(to, _("Something waits for you"), text.format(address=address))


def send_question(to: str, organization: str, names: list[str], address: str) -> bool:
    text = _(
        "Kia ora,\n\nnobody has made sure for a while that what we tell people about {organization} is right:\n\n"
        "{names}\n\nPlease have a look, and press “All of this is right” or change what is not:\n\n{address}\n\n"
        "People are sent to you with these words.\n"
    )
    listed = "\n".join(f"- {name}" for name in names)
    filled = text.format(organization=organization, names=listed, address=address)
    return send(to, _("Are your entries still right?"), filled)
