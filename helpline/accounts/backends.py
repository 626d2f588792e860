"""Who may sign in, and stay signed in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from helpline.accounts.models import User


class StaffBackend(ModelBackend):
    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Not the removed, and not a demonstration's invented staff once the service is live."""
        is_invented = isinstance(user, User) and user.is_demonstration
        return super().user_can_authenticate(user) and (settings.DEMONSTRATION or not is_invented)
