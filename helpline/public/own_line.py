"""Views of the public site that are about the line of the host that was asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from helpline.lines.queries import LineUnknown, line_for_host

OfLine = Callable[..., HttpResponse]


def of_its_line(*methods: str, unknown: tuple[type[Exception], ...]) -> Callable[[OfLine], OfLine]:
    """Give a view the line; what is `unknown` to the line is a page that is not there. 503 without a line."""

    def decorate(view: OfLine) -> OfLine:
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, **asked: Any) -> HttpResponse:
            try:
                return view(request, line_for_host(request.get_host()), **asked)
            except LineUnknown:
                return render(request, "public/not-ready.html", status=503)
            except unknown:
                raise Http404 from None

        return answer

    return decorate
