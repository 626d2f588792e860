"""The API of the directory, as HSDS 3.1 has it (docs/directory.md). For anybody, without a key, without a cookie."""

import functools
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Concatenate, ParamSpec

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from helpline.directory import exports
from helpline.directory.fields import BadValue, Identity
from helpline.directory.forms import PER_PAGE, Asked, BadParameter, asked
from helpline.directory.hsds import Model
from helpline.directory.lists import LISTS, changes, matching
from helpline.directory.models import Organization, Service
from helpline.directory.nesting import Document, Edge, edges_from, plain
from helpline.directory.openapi import described
from helpline.directory.queries import visible

BATCH = 100  # rows at a time of a stream
PROFILE = "https://docs.openreferral.org/en/3.1.0/"
# Open data, and no cookie to take along: any page of anybody may read it.
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

Json = dict[str, Any]
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def open_data(*methods: str) -> Callable[[View[P]], View[P]]:
    """Answers anybody, and says in a sentence what cannot be answered."""

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                response = view(request, *args, **kwargs)
            except BadParameter as bad:
                response = JsonResponse({"error": str(bad)}, status=400)
            for name, value in OPEN.items():
                response.headers[name] = value
            return response

        return require_http_methods(["HEAD", *methods])(answer)  # type: ignore[return-value]  # the same view

    return decorate


@open_data("GET")
def about(request: HttpRequest) -> HttpResponseBase:
    address = request.build_absolute_uri(reverse("directory:openapi"))
    return JsonResponse({"version": "3.1", "profile": PROFILE, "openapi_url": address})


@open_data("GET")
def openapi(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse(described(request.build_absolute_uri(reverse("directory:about")).rstrip("/")))


@open_data("GET", "POST")
def many(request: HttpRequest, name: str) -> HttpResponseBase:
    model, allowed = LISTS[name]
    what = asked(request, allowed)
    rows = matching(model, what)
    if what["format"] == "ndjson":
        return _lines(each for batch in _batches(rows) for each in _shown(model, batch, what))
    pages = Paginator(rows, what["per_page"] or PER_PAGE)
    number = what["page"] or 1
    found = list(pages.page(number)) if number <= pages.num_pages else []
    return JsonResponse(
        {
            "total_items": pages.count,
            "total_pages": pages.num_pages,
            "page_number": number,
            "size": len(found),
            "first_page": number == 1,
            "last_page": number >= pages.num_pages,
            "empty": not found,
            "contents": _shown(model, found, what),
        }
    )


@open_data("GET")
def one(request: HttpRequest, name: str, identity: str) -> HttpResponseBase:
    model, _ = LISTS[name]
    what = asked(request, ("full_service",) if model is Organization else ())
    try:
        found = list(visible(model).filter(pk=Identity().read(identity)))
    except BadValue:
        found = []
    if not found:
        return JsonResponse({"error": "There is nothing of that name here."}, status=404)
    return JsonResponse(_nested(model, found, what)[0])


@open_data("GET")
def changed(request: HttpRequest) -> HttpResponseBase:
    return _lines(changes(asked(request, ("modified_after",))["modified_after"]))


@open_data("GET")
def everything(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind == "zip":
        file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
        exports.data_package(file)
        file.seek(0)
        return FileResponse(file, filename="directory.zip", as_attachment=True, content_type="application/zip")
    return StreamingHttpResponse(exports.json_lines(), content_type="application/x-ndjson")


def _batches(rows: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows.iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _shown(model: Model, found: list[Any], what: Asked) -> list[Json]:
    if what["minimal"]:
        return [{"id": str(row.pk), "modified_date": row.changed_at.isoformat()} for row in found]
    if what["full"] or what["full_service"]:
        return _nested(model, found, what)
    return plain(model, found, visible)


def _nested(model: Model, found: list[Any], what: Asked) -> list[Json]:
    """An organization has its services with it: by themselves, unless they are asked for in full."""
    edges = edges_from(model)
    if model is Organization and not what["full_service"]:
        edges = _without_what_services_hold(edges)
    return list(Document(model, found, edges, visible).show())


@functools.cache
def _without_what_services_hold(edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    return tuple(each for each in edges if each.outer is not Service)


def _lines(found: Iterable[Json]) -> HttpResponseBase:
    lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in found)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson")
