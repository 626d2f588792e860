"""`helpline erase_due`: the retention run. Run it every hour; it may run as often as one likes."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpline.directory.summaries import end_summaries
from helpline.endings.actions import retention_run
from helpline.endings.queries import ClockDoubtful
from helpline.engagement import consultations, events, questions
from helpline.engagement.posters import end_orders
from helpline.lines.invitations import end_invitations
from helpline.referrals.actions import end_due
from helpline.referrals.capacity import end_capacity


class Command(BaseCommand):
    help = (
        "Erase conversations past their retention, counsellors' keys a day after the end, invitations not taken up, "
        "lists of services whose last day is over, what was sealed for services once its time is over, orders of "
        "posters that are sixty days old, who said what to a consultation that is long closed, whoever registered "
        "for an event two weeks after it, and questions that nobody has answered in sixty days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--clock-is-right", action="store_true", help="it really is more than a week since the last run"
        )

    def handle(self, *args: object, clock_is_right: bool, **options: object) -> None:
        try:
            erased = retention_run(is_clock_right=clock_is_right)
        except ClockDoubtful as error:
            raise CommandError(str(error)) from error
        end_invitations()
        end_summaries()
        end_orders()
        now = timezone.now()
        end_due(now)
        end_capacity(now)
        consultations.forget_people(timezone.localdate(now))
        events.forget_people(now)
        questions.end_questions(timezone.localdate(now))
        self.stdout.write(f"Conversations erased: {erased}")
