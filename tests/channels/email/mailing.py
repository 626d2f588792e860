"""What tests of mails stand on: a line with a mailbox, somebody who writes to it, and what they are answered."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import count

from helpline.channels import carriers, outbox
from helpline.channels.carriers import Outgoing
from helpline.channels.email.arriving import Became, arrive
from helpline.channels.email.compose import compose
from helpline.channels.email.options import Options
from helpline.channels.email.tokens import bounce_token
from helpline.channels.models import Carrier
from helpline.lines.models import Channel, Line

LINE = "kia-ora@line.example"
AROHA, WIREMU = "aroha@person.example", "wiremu@person.example"
_numbers = count(1)


def mailbox(line: Line, kind: str = "lmtp", name: str = "", secret: str | None = None, **options: object) -> Carrier:
    return carriers.set_carrier(
        Carrier(
            name=name or f"mail-{kind}",
            line=line,
            channel=Channel.EMAIL,
            kind=kind,
            options={"address": LINE, **options},
        ),
        secret,
    )


def a_mail(text: str = "Kia ora", *, of: str = AROHA, to: str = LINE, subject: str = "", **headers: str) -> bytes:
    """As somebody's program writes it; each has an id of its own."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = of, to, subject
    mail["Message-ID"] = headers.pop("message_id", f"<{next(_numbers)}@person.example>")
    mail.set_content(text)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail.as_bytes()


def with_picture(text: str = "Look") -> bytes:
    mail = BytesParser(policy=policy.SMTP).parsebytes(a_mail(text))
    mail.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="a.jpg")
    return mail.as_bytes()


def comes(carrier: Carrier, mail: bytes, to: str = LINE, envelope: str = AROHA) -> Became:
    return arrive(carrier, mail, (to,), envelope)


def sent_by(sender: Carrier) -> list[tuple[Outgoing, EmailMessage, str]]:
    """Empty the outbox as the worker does: what the way is given, the mail it makes of it, and whom bounces tell."""
    went = []
    options = Options.of(sender)
    while claimed := outbox.claim(100):
        for each in claimed:
            mail = compose(each.to, each.text, each.outgoing, options)
            went.append((each.outgoing, mail, options.plus(bounce_token(each.outgoing.id, sender.pk))))
            outbox.acknowledged(each.delivery, [f"mail-{each.outgoing.id}"])
    return went


def bounce_of(envelope: str, action: str = "failed") -> bytes:
    """As a mail server reports it (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@person.example\r\n"
        f"To: {envelope}\r\n"
        "Subject: Undelivered\r\n"
        f"Message-ID: <{next(_numbers)}@mx.person.example>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.person.example\r\n\r\n"
        f"Final-Recipient: rfc822; {AROHA}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ).encode()
