"""A mail of ours: neutral sender and subject, nothing quoted, and nothing that tells which program wrote it."""

from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import timezone

from helpline.channels.carriers import Outgoing
from helpline.channels.email import words
from helpline.channels.email.options import Options
from helpline.channels.email.tokens import thread_token


def compose(to: str, text: str, outgoing: Outgoing, options: Options) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    token = thread_token(outgoing.thread) if outgoing.thread else ""
    mail["From"] = Address(options.name, addr_spec=options.address)
    mail["To"] = Address(addr_spec=to)
    if token and options.delimiter:
        mail["Reply-To"] = Address(options.name, addr_spec=options.plus(token))
    mail["Subject"] = options.subject or words.subject(outgoing.language)
    mail["Date"] = format_datetime(timezone.now().astimezone(tz=None).replace(microsecond=0))
    mail["Message-ID"] = f"<{_local(token, outgoing)}@{options.domain}>"
    if token:  # so that all of a conversation stand together in their mailbox
        mail["References"] = f"<{token}@{options.domain}>"
    if outgoing.is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text if text.endswith("\n") else f"{text}\n", charset="utf-8")
    return mail


def _local(token: str, outgoing: Outgoing) -> str:
    """The same for every attempt, so that a mailbox drops what comes twice; the thread can be read out of answers."""
    reference = outgoing.reference.encode().hex()
    return f"{token}.{reference}" if token else reference
