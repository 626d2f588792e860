"""`helpline publish_audit_head`: sign how the audit's chain ends now, and send it outside. From a timer, every hour."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helpline.operations.heads import NothingToPublish, NotPublished, new_head, publish
from helpline.vault.keystore import KeyStoreUnavailable


class Command(BaseCommand):
    help = "Publish the signed head of the audit's chain to every place in HELPLINE_AUDIT_HEADS."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.AUDIT_HEADS:
            raise CommandError("HELPLINE_AUDIT_HEADS names no place to publish to (docs/audit.md).")
        try:
            head = new_head()
        except NothingToPublish:
            self.stdout.write("There is nothing to publish yet.")
            return
        except KeyStoreUnavailable as error:
            raise CommandError(str(error)) from error
        failures = []
        for place in settings.AUDIT_HEADS:
            try:
                publish(head, place)
            except NotPublished as failure:
                failures.append(str(failure))
        self.stdout.write(str(head))
        if failures:
            raise CommandError(" ".join(failures))
