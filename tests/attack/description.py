"""OpenAPI descriptions of all addresses, made from what the code says: forms, urlconfs and the authorisation matrix.

`python -m tests.attack.description public` (or `staff`, `live`) prints one.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
    django.setup()

from django import forms
from django.urls import URLPattern, URLResolver

from helpline.channels.webchat import forms as webchat
from helpline.channels.webchat.plain import forms as plain
from helpline.public.urls import urlpatterns as public_urls
from helpline.vault.codes import CODE_PATTERN

Schema = dict[str, Any]

JSON, FORM, PAGE, TEXT = "application/json", "application/x-www-form-urlencoded", "text/html", "text/plain"
OTHER_KINDS = {".xml": ("application/atom+xml", "application/xml"), ".txt": (TEXT,), ".ics": ("text/calendar",)}
CODE: Schema = {"type": "string", "pattern": f"^{CODE_PATTERN}$"}
KINDS: dict[type[forms.Field], Schema] = {
    webchat.Code: CODE,
    webchat.OptionalCode: {**CODE, "nullable": True},
    webchat.Codes: {"type": "array", "items": CODE},
    plain.CodesField: {"type": "array", "items": CODE},
    webchat.Flag: {"type": "boolean"},
    webchat.Number: {"type": "integer"},
}
ANYTHING: Schema = {"type": "string"}
REFUSAL: Schema = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
# What any address may say instead of yes.
REFUSALS = (400, 401, 403, 404, 405, 409, 413, 422, 429)


def public() -> Schema:
    """The anonymous door: each address takes what its form says.

    Without the directory's data, whose description is its own (`/directory/api/openapi.json`).
    """
    views = [(path, view) for path, view in _views(list(public_urls)) if not path.startswith("/directory/api")]
    return _description("The public door", {path: _of_view(path, view) for path, view in views})


def staff(entries: Mapping[str, Any], bodies: Mapping[str, Schema], codes: list[str]) -> Schema:
    """The staff door, by the matrix' entries and an example of what each is sent."""
    paths: dict[str, Schema] = {}
    for route, entry in entries.items():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        operation = _operation(JSON, {"type": "object"} if entry.method == "GET" else None)
        operation["parameters"] = [_in_path(name, codes) for name in names]
        if entry.method == "POST":
            operation["requestBody"] = _body(JSON, _like(bodies[route]))
        paths["/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)] = {entry.method.lower(): operation}
    return _description("The staff door", paths)


def live(codes: list[str]) -> Schema:
    """The live process (docs/live.md), but for its streams, which do not end."""
    sealed = {"type": "string", "pattern": "^[A-Za-z0-9_-]{0,11400}$"}
    message = {"client_id": CODE, "key_id": CODE, "sealed": sealed, "key": sealed}
    bodies = {
        "messages": _object(message, ["client_id", "key_id", "sealed"]),
        "receipts": _object({"seq": {"type": "integer"}}, ["seq"]),
        "typing": _object({"on": {"type": "boolean"}}, ["on"]),
    }
    paths: dict[str, Schema] = {}
    for name, body in bodies.items():
        operation = _operation(JSON) | {"parameters": [_in_path("code", codes)], "requestBody": _body(JSON, body)}
        operation["responses"]["202"] = _answer(JSON, _object({"seq": {"type": "integer"}}, ["seq"]))
        paths[f"/live/c/{{code}}/{name}"] = {"post": operation}
    paths["/live/health"] = {"get": _operation(JSON)}
    return _description("The live process", paths)


def carriers(names: list[str]) -> Schema:
    """The carriers' door, for an aggregator with a password; every answer but one of Django's own is without words."""
    bodies = {
        "text": ({"id": ANYTHING, "source": ANYTHING, "content": ANYTHING}, ["id", "source"]),
        "receipt": ({"message_id": ANYTHING, "status": ANYTHING}, ["message_id", "status"]),
    }
    paths: dict[str, Schema] = {}
    for name, (fields, required) in bodies.items():
        operation = _operation(TEXT) | {"parameters": [_in_path("name", names)]}
        for answer in operation["responses"].values():
            answer.setdefault("content", {})[TEXT] = {"schema": {"type": "string"}}
        operation["requestBody"] = _body(JSON, _object(fields, required))
        paths[f"/hooks/sms/{{name}}/{name}"] = {"post": operation}
    return _description("The carriers' door", paths)


def _views(patterns: list[Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for each in patterns:
        if isinstance(each, URLResolver):
            found += _views(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            found.append(("/" + prefix + str(each.pattern), each.callback))
    return found


def _of_view(path: str, view: Any) -> Schema:
    form_class = getattr(view, "form_class", None)
    if form_class is None:
        kind = "post" if path.endswith("/leave") else "get"
        operation = _operation(PAGE, {"type": "string"})
        for other in OTHER_KINDS.get(path[-4:], ()):
            operation["responses"]["200"]["content"][other] = {"schema": {"type": "string"}}
        return {kind: operation}
    kind = JSON if issubclass(form_class, webchat.JsonForm) else FORM
    body = _object(
        {name: _field(field) for name, field in form_class.base_fields.items()},
        [name for name, field in form_class.base_fields.items() if field.required],
    )
    return {"post": _operation(kind) | {"requestBody": _body(kind, body)}}


def _field(field: forms.Field) -> Schema:
    if isinstance(field, webchat.Grants):
        return _object({name: _bytes(size) for name, size in field.lengths.items()}, list(field.lengths))
    if isinstance(field, webchat.Bytes):
        return _bytes(field.length)
    if isinstance(field, forms.ChoiceField) and type(field) not in KINDS:
        return {"type": "string", "enum": [str(value) for value, _ in field.widget.choices] or [""]}
    limit = getattr(field, "limit", None) or getattr(field, "max_length", None)
    return KINDS.get(type(field)) or {"type": "string", **({"maxLength": limit} if limit else {})}


def _like(example: object) -> Schema:
    """A schema of everything that is of the same kind."""
    if isinstance(example, dict):
        return {
            "type": "object",
            "properties": {name: _like(value) for name, value in example.items()},
            "example": example,
        }
    kinds = {bool: "boolean", int: "integer", str: "string", list: "array"}
    return {"type": kinds[type(example)], "example": example}


def _bytes(size: int) -> Schema:
    return {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{-(-size * 4 // 3)}}}$"}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _in_path(name: str, codes: list[str]) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": codes}}


def _body(kind: str, schema: Schema) -> Schema:
    return {"required": True, "content": {kind: {"schema": schema}}}


def _answer(kind: str, schema: Schema) -> Schema:
    return {"description": "", "content": {kind: {"schema": schema}}}


def _operation(kind: str, content: Schema | None = None) -> Schema:
    """What comes back: an object, a page or nothing; or a refusal that says which."""
    refusal = {"description": "", "content": {JSON: {"schema": REFUSAL}, PAGE: {"schema": {"type": "string"}}}}
    answers: Schema = {str(status): refusal for status in REFUSALS}
    answers["200"] = _answer(PAGE if kind == PAGE else JSON, content or {"type": "object"})
    answers["200"]["content"].setdefault(PAGE, {"schema": {"type": "string"}})
    answers["204"] = answers["302"] = {"description": ""}
    return {"responses": answers}


def _description(title: str, paths: Mapping[str, Schema]) -> Schema:
    return {"openapi": "3.0.3", "info": {"title": title, "version": "1"}, "paths": dict(paths)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(public() if sys.argv[1:] == ["public"] else live([]), indent=1) + "\n")
