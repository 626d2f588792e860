"""What is shown when something went wrong: kind words, the way on, and no detail."""

import math

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpline.web.door import Shut
from helpline.web.headers import FRAMED, carry


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/error.html", {"kind": "bad_request"}, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Missing and forbidden look the same."""
    return page_not_found(request)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/error.html", {"kind": "page_not_found"}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "web/error.html", {"kind": "server_error"}, status=500)


def shut(request: HttpRequest, why: Shut) -> HttpResponse:
    """The staff door, from somewhere or to somebody that it does not open for; no more is told than that."""
    return render(request, "web/shut.html", {"why": why}, status=403)


def slow_down(request: HttpRequest, wait_seconds: float) -> HttpResponse:
    """A 503 rather than a 429: our pages then try again by themselves, and say so."""
    seconds = math.ceil(wait_seconds)
    if request.content_type == "application/json":
        sentence = _("Many people are writing from where you are. We keep trying. You do not need to do anything.")
        response: HttpResponse = JsonResponse({"error": "busy", "sentence": sentence}, status=503)
    else:
        response = render(request, "web/slow.html", status=503)
        carry(response, FRAMED)  # the chat without JavaScript posts into a frame
    response.headers["Retry-After"] = str(seconds)
    return response
