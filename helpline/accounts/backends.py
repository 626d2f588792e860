"""Who may sign in, and stay signed in."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from helpline.accounts.models import User

HANDED_WORDS_FOR = timedelta(days=7)  # as long as an invitation


class StaffBackend(ModelBackend):
    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Not the removed, not a demonstration's invented staff once the service is live, and nobody whose words came
        from a command and were left as they are.
        """
        if not isinstance(user, User) or not super().user_can_authenticate(user):
            return False
        is_late = user.handed_words_at is not None and user.handed_words_at < timezone.now() - HANDED_WORDS_FOR
        return not is_late and (settings.DEMONSTRATION or not user.is_demonstration)
