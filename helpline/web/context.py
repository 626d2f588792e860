"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def every_page(request: HttpRequest) -> dict[str, object]:
    return {
        "is_demonstration": settings.DEMONSTRATION,
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "lock_minutes": settings.LOCK_MINUTES,
    }
