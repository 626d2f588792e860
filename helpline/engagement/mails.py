"""Mails as they are handed over: text and HTML with the same words, no picture, nothing that tells of being opened.

Every link leads where it says. Sender and headers name no line's purpose: somebody may look over a shoulder.
"""

import functools
import hashlib
from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from helpline.engagement import marks
from helpline.engagement.models import Mailing, Subscriber, Update
from helpline.engagement.texts import TEXTS, in_language, topic_name
from helpline.lines.bilingual import Language
from helpline.lines.models import Line
from helpline.vault import subscribers

REMEMBERED = 16  # texts that a process keeps rendered: thousands of mails have the same


@dataclass(frozen=True)
class Words:
    """Of one update in one language."""

    language: str
    title: str
    text: str
    html: SafeString


def site_of(line: Line, port: int = 0) -> str:
    """Where a line's public site is, for links in mails. `port`: a demonstration's."""
    host = line.hosts[0] if line.hosts else settings.PUBLIC_HOSTS[0]
    place = f"{host}:{port}" if port else host
    return f"{'https' if settings.BEHIND_TLS else 'http'}://{place}/"


def words_of(update: Update, language: str, site: str) -> Words:
    """In this language, or in English where there is no other."""
    if language == Language.TE_REO and update.text_mi:
        title, text = update.title_mi or update.title, update.text_mi
    else:
        language, title, text = Language.ENGLISH, update.title, update.text
    return _rendered(language, title, text, site)


@functools.lru_cache(maxsize=REMEMBERED)
def _rendered(language: str, title: str, text: str, site: str) -> Words:
    return Words(language, title, marks.as_text(text, site), marks.as_html(text, site))


def own_address(site: str, language: str, path: str) -> str:
    """A page of updates."""
    return f"{site}updates/{'mi/' if language == Language.TE_REO else ''}{path}"


def confirmation(to: str, address: str, language: str) -> EmailMultiAlternatives:
    """To an address that was typed; whose it is, nobody knows yet."""
    text = TEXTS["confirm_text"][language].format(address=address)
    subject = TEXTS["confirm_subject"][language]
    return plain(to, subject, text)


def plain(to: str, subject: str, text: str) -> EmailMultiAlternatives:
    """A few words and a link, from nobody in particular."""
    headers = {"From": _sender(), "Auto-Submitted": "auto-generated"}
    return EmailMultiAlternatives(subject, text, _own(), [to], headers=headers)


def mail_of(mailing: Mailing, port: int = 0) -> EmailMultiAlternatives:
    """Always the same mail of the same mailing, its Message-ID too. Raises CannotOpen and KeyStoreUnavailable."""
    update, subscriber = mailing.update, mailing.subscriber
    if subscriber is None:
        raise ValueError("Nobody is there any more to be written to.")
    site = site_of(update.line, port)
    words = words_of(update, subscriber.language, site)
    shown = _shown(update, subscriber, words, site)
    made = EmailMultiAlternatives(
        words.title,
        render_to_string("engagement/update.txt", shown),
        return_address(subscriber),
        [subscribers.open_address(bytes(subscriber.sealed), subscriber.code)],
        headers=_headers(update, subscriber, shown),
    )
    made.attach_alternative(render_to_string("engagement/update.html", shown), "text/html")
    return made


def return_address(subscriber: Subscriber) -> str:
    """Where what cannot be delivered comes back to, one for each subscriber (VERP); without HELPLINE_BOUNCES, ours."""
    if not settings.BOUNCES:
        return _own()
    name, _, domain = settings.BOUNCES.rpartition("@")
    return f"{name}+{subscribers.return_name_of(subscriber.code)}@{domain}"


def _shown(update: Update, subscriber: Subscriber, words: Words, site: str) -> dict[str, object]:
    language, link = subscriber.language, subscribers.link_of(subscriber.code)
    return {
        "words": words,
        "say": in_language(language),
        "language": language,
        "topic": topic_name(update.topic, language),
        "is_english_for_want": language != words.language,
        "read": own_address(site, words.language, f"read/{update.code}/"),
        "stop": own_address(site, language, f"mine/{link}/{update.topic}/"),
        "change": own_address(site, language, f"mine/{link}/"),
    }


def _headers(update: Update, subscriber: Subscriber, shown: dict[str, object]) -> dict[str, str]:
    own = hashlib.sha256(f"{update.code}/{subscriber.code}".encode()).hexdigest()[:32]
    domain = _own().rpartition("@")[2]
    return {
        "From": _sender(),
        # Whoever is handed the same mail twice, since a crash came in between, can tell.
        "Message-ID": f"<{own}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<{update.topic}.updates.{domain}>",
        # RFC 8058; the mail server's DKIM signature has to cover both (docs/updates.md).
        "List-Unsubscribe": f"<{shown['stop']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _sender() -> str:
    return formataddr((TEXTS["sender"][Language.ENGLISH], _own()))


def _own() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
