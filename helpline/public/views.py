"""Pages that anybody may read. They keep nothing and set no cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpline.lines.queries import LineUnknown, is_open, line_for_host, next_opening


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Of the line that this host is about: in its own words where it has some, else in those of any line."""
    try:
        line = line_for_host(request.get_host())
    except LineUnknown:
        return render(request, "public/not-ready.html", status=503)
    shown = {
        "line": line,
        "is_closed": not is_open(line),
        "opens_at": next_opening(line),
        "days": settings.RETENTION_DAYS,
    }
    return render(request, [f"public/lines/{line.slug}/{name}.html", f"public/{name}.html"], shown)
