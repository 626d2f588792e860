"""Pages that anybody may read. They keep nothing and set no cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpline.lines.queries import LineUnknown, last_known_line


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    try:
        line = last_known_line()
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    return render(request, f"public/{name}.html", {"line": line, "days": settings.RETENTION_DAYS})
