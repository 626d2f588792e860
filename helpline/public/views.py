"""Pages that anybody may read. They keep nothing and set no cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpline.lines.queries import LineUnknown, line_for_host


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    return render(request, f"public/{name}.html", {"line": line, "days": settings.RETENTION_DAYS})
