"""What carriers tell us: somebody's text, and what became of one of ours.

A carrier has no session and no cookie; each request is signed, or shows a password, and one that does not is told no
more than that. What we cannot keep is answered 503, and carriers try again; what they hand over twice is taken once.
"""

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from helpline.channels import outbox
from helpline.channels.carriers import secret_of
from helpline.channels.models import Carrier
from helpline.channels.sms import arrivals
from helpline.channels.sms.numbers import HERE, in_full
from helpline.channels.sms.webhooks.hook import Hook, Unreadable
from helpline.channels.sms.webhooks.provider import Credentials, Provider
from helpline.channels.sms.webhooks.providers import PROVIDERS
from helpline.vault.webhooks import NotSigned
from helpline.web.limiter import paced

View = Callable[[HttpRequest, str], HttpResponse]


def _answered(view: View) -> View:
    """Each fact that a carrier may be told, and no more."""

    @wraps(view)
    def answer(request: HttpRequest, name: str) -> HttpResponse:
        try:
            return view(request, name)
        except NotSigned:
            return _empty(HTTPStatus.UNAUTHORIZED)
        except Unreadable:
            return _empty(HTTPStatus.BAD_REQUEST)
        except (OperationalError, InterfaceError):
            return _empty(HTTPStatus.SERVICE_UNAVAILABLE)

    return answer


@paced(
    None
)  # a carrier brings everybody's texts from one network; who has no signature is turned away in a millisecond
@require_POST
@_answered
def text(request: HttpRequest, name: str) -> HttpResponse:
    carrier, provider, hook = _checked(request, name)
    found = provider.text_in(hook, carrier.options)
    address = in_full(found.address, str(carrier.options.get("country") or HERE))
    arrivals.taken(carrier, address, found.text, found.message_id, in_parts=found.parts)
    return _thanks(provider)


@paced(None)
@require_http_methods(["GET", "POST"])
@_answered
def receipt(request: HttpRequest, name: str) -> HttpResponse:
    carrier, provider, hook = _checked(request, name)
    found = provider.report_in(hook, carrier.options)
    if found.state:
        outbox.receipt(carrier, found.provider_id, found.state)
    return _thanks(provider)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _empty(HTTPStatus.BAD_REQUEST)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _empty(HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    return _empty(HTTPStatus.INTERNAL_SERVER_ERROR)


def _checked(request: HttpRequest, name: str) -> tuple[Carrier, Provider, Hook]:
    """Raises NotSigned: an unknown carrier and a wrong signature sound alike."""
    carrier = Carrier.objects.select_related("line").filter(name=name, is_on=True, kind__in=PROVIDERS).first()
    if carrier is None:
        raise NotSigned("carrier")
    provider, hook, now = PROVIDERS[carrier.kind], _hook(request, carrier), time.time()
    for secret in Credentials.of(secret_of(carrier)).checks:
        if _is_signed(provider, hook, secret, now):
            return carrier, provider, hook
    raise NotSigned("by none")


def _is_signed(provider: Provider, hook: Hook, secret: str, now: float) -> bool:
    try:
        provider.check(hook, secret, now)
    except NotSigned:
        return False
    return True


def _hook(request: HttpRequest, carrier: Carrier) -> Hook:
    """With the address as the carrier wrote it; where a proxy hides that, the option `hooks` says how it begins."""
    query = request.META.get("QUERY_STRING", "")
    base = str(carrier.options.get("hooks") or f"{request.scheme}://{request.get_host()}").rstrip("/")
    return Hook(
        method=request.method or "",
        url=f"{base}{request.path}" + (f"?{query}" if query else ""),
        query=query,
        content_type=request.content_type or "",
        body=request.body,
        headers={name.lower(): value for name, value in request.headers.items()},
    )


def _thanks(provider: Provider) -> HttpResponse:
    kind, said = provider.thanks
    return HttpResponse(said, content_type=kind)


def _empty(status: HTTPStatus) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain")
