"""The demonstration's lines get ways for their texts and mails: to the carrier and the post office of this process."""

import secrets
from collections.abc import Iterator
from typing import Any

from helpline.channels.carriers import set_carrier
from helpline.channels.models import Carrier
from helpline.lines.models import Channel, Line
from helpline.operations.phone.simulator import LineHere, Simulator

HERE = "127.0.0.1"
PASSWORD_BYTES = 4  # in hexadecimal the eight characters that SMPP allows


def lines_here() -> list[LineHere]:
    """Every line that is on by text or by mail, with a password that is new each time."""
    return [line for line in map(_here, Line.objects.all()) if line.text_number or line.email]


def connect(simulator: Simulator, lmtp_port: int) -> None:
    """The ports are others at each start; `helpline carry` finds them in its carriers."""
    for here in simulator.lines.values():
        line = Line.objects.get(slug=here.slug)
        for channel, kind, options, secret in _ways(here, simulator, lmtp_port):
            name = f"demo-{here.slug}-{kind}"
            carrier = Carrier.objects.filter(name=name).first() or Carrier(name=name)
            carrier.line, carrier.channel, carrier.kind = line, channel, kind
            carrier.options, carrier.is_on = options, True
            set_carrier(carrier, secret)


def _ways(
    here: LineHere, simulator: Simulator, lmtp_port: int
) -> Iterator[tuple[str, str, dict[str, Any], str | None]]:
    if here.text_number:
        options = {
            "host": HERE,
            "port": simulator.carrier.port,
            "system_id": here.system_id,
            "number": here.text_number,
        }
        yield Channel.SMS, Carrier.Kind.SMPP, options, here.password
    if here.email:
        mailbox = {"address": here.email, "host": HERE}
        yield Channel.EMAIL, Carrier.Kind.SMTP, {**mailbox, "port": simulator.post_office.port}, None
        yield Channel.EMAIL, Carrier.Kind.LMTP, {**mailbox, "port": lmtp_port}, None


def _here(line: Line) -> LineHere:
    return LineHere(
        line.slug,
        line.name,
        line.text_number if Channel.SMS in line.channels else "",
        line.email if Channel.EMAIL in line.channels else "",
        f"demo-{line.pk}",
        secrets.token_hex(PASSWORD_BYTES),
    )
