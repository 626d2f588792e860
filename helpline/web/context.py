"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from helpline.web.languages import elsewhere

# In the environment of a request that nobody made: its page is kept for when the site cannot answer. No header says it.
IS_COPY = "helpline.is_copy"


def every_page(request: HttpRequest) -> dict[str, object]:
    return {
        "is_demonstration": settings.DEMONSTRATION,
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "elsewhere": elsewhere(request),
        "is_te_reo_reviewed": settings.TE_REO_REVIEWED,
        "lock_minutes": settings.LOCK_MINUTES,
        "is_neutral": getattr(request, "is_neutral", False),
        "is_copy": IS_COPY in request.META,
    }


def is_neutral(host: str) -> bool:
    """Whether a site goes by a name that tells nothing: its pages' titles then tell nothing, either."""
    return split_domain_port(host)[0] in settings.NEUTRAL_HOSTS
