"""Invents readers and an update for them, and says what became of it: what `benchmarks.updating` starts."""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  # after setup
from django.utils import timezone  # noqa: E402  # after setup

from helpline.engagement.models import Mailing, Subscriber, Topic, Update  # noqa: E402  # after setup
from helpline.engagement.queries import hash_in  # noqa: E402  # after setup
from helpline.lines.models import Line  # noqa: E402  # after setup
from helpline.vault.codes import new_code  # noqa: E402  # after setup
from helpline.vault.subscribers import seal_address  # noqa: E402  # after setup

PARAGRAPH = (
    "Kia ora koutou. " + "There is a new room for people who come from far away, and somebody to meet them. " * 4
)


def prepare(readers: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    line = Line.objects.create(slug="safe-to-talk", name="Safe to talk", languages=["en"])
    Subscriber.objects.bulk_create([_reader(line, number) for number in range(readers)], batch_size=1000)


def _reader(line: Line, number: int) -> Subscriber:
    address, code = f"reader{number}@example.org", new_code()
    return Subscriber(
        code=code,
        line=line,
        find_hash=hash_in(line, address),
        sealed=seal_address(address, code),
        topics=[Topic.NEWS],
    )


def write(name: str) -> None:
    Update.objects.create(
        line=Line.objects.get(),
        topic=Topic.NEWS,
        title=f"What is new ({name})",
        text="\n\n".join([PARAGRAPH] * 6 + ["https://example.org/more"]),
        source=f"benchmark:{name}",
        state=Update.State.READY,
        published_at=timezone.now(),
    )


def tell() -> dict[str, Any]:
    update = Update.objects.order_by("-pk")[0]
    return {"state": update.state, "handed_over": update.handed_over, "waiting": Mailing.objects.count()}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare", number]:
            prepare(int(number))
        case ["write", name]:
            write(name)
        case ["tell"]:
            print(json.dumps(tell()))
