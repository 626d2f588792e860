"""`helpline turn_keys`: the night's work on the day keys and the gateway key, after `helpline erase_due`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from helpline.accounts.models import AuditEvent
from helpline.channels import gateway
from helpline.channels.models import Address, Delivery, EarlyReceipt, Received
from helpline.conversations.daykeys import COLUMNS, turn_spent
from helpline.conversations.models import Conversation, Message, SenderKey
from helpline.operations import backups
from helpline.records.models import ContactRecord, SurveyAnswer
from helpline.vault import daykeys

CARRIED = (Address, Delivery, EarlyReceipt, Received)


class Command(BaseCommand):
    help = (
        "End each day key under which something was erased, and the gateway key of yesterday; what lives goes over "
        "to a fresh one first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--backup",
            type=Path,
            metavar="FILE",
            help="write a backup before the old keys go: the newest then opens all",
        )

    def handle(self, *args: object, backup: Path | None, **options: object) -> None:
        gateway.turn_due()
        turned = turn_spent(timezone.localdate())
        if backup:
            try:
                backups.make(backup)
            except backups.NoBackup as error:
                raise CommandError(f"{error} The old keys stay until the next run.") from error
        self.stdout.write(f"Day keys turned: {turned}; destroyed: {daykeys.destroy_ended()}")
        vacuum()


def vacuum() -> None:
    """What rows were before they changed or went still lies in the tables' files until this."""
    models = (*COLUMNS, Conversation, Message, SenderKey, ContactRecord, SurveyAnswer, AuditEvent, *CARRIED)
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"VACUUM {model._meta.db_table}")  # noqa: SLF001  # Django's documented way to the name
