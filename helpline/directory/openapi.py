"""Our API in the words of OpenAPI 3.1, made from the same tables and parameters that answer."""

from typing import Any

from helpline.directory.forms import KINDS, SCHEMAS
from helpline.directory.hsds import TABLES, Model, fields_of, nests_of, table_of
from helpline.directory.lists import LISTS
from helpline.directory.models import Organization

Json = dict[str, Any]
PAGE = {
    "total_items": {"type": "integer"},
    "total_pages": {"type": "integer"},
    "page_number": {"type": "integer"},
    "size": {"type": "integer"},
    "first_page": {"type": "boolean"},
    "last_page": {"type": "boolean"},
    "empty": {"type": "boolean"},
}


def described(address: str) -> Json:
    paths: Json = {"/": {"get": _answering("What this is", {"type": "object"})}}
    for name, (model, parameters) in LISTS.items():
        paths[f"/{name}"] = {
            "get": _listing(name, model) | {"parameters": [_parameter(each) for each in parameters]},
            "post": _listing(name, model) | {"requestBody": _body(parameters)},
        }
        paths[f"/{name}/{{id}}"] = {"get": _one(name, model)}
    paths |= {
        "/openapi.json": {"get": _answering("This document", {"type": "object"})},
        "/changes": {"get": _streaming("What changed, and what is gone", ("modified_after",))},
        "/export.jsonl": {"get": _streaming("Everything, an object a line", ())},
        "/export.zip": {"get": _streaming("Everything, as the standard's data package", (), "application/zip")},
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Directory of services (HSDS 3.1)",
            "version": "1",
            "license": {"name": "As each source says"},
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": {name: _object(model) for name, model in TABLES.items()}},
    }


def _object(model: Model) -> Json:
    properties: Json = {}
    for name, field in fields_of(model).items():
        choices = [each for each, _ in getattr(field, "choices", None) or []]
        properties[name] = field.schema | ({"enum": choices} if choices else {})
    for nest in nests_of(model).values():
        inner = {"$ref": f"#/components/schemas/{table_of(nest.inner)}"}
        properties[nest.name] = {"type": "array", "items": inner} if nest.is_array else inner
    return {"type": "object", "properties": properties, "required": ["id"]}


def _listing(name: str, model: Model) -> Json:
    contents = {"type": "array", "items": {"anyOf": [_ref(model), {"type": "object", "required": ["id"]}]}}
    page = {"type": "object", "properties": PAGE | {"contents": contents}, "required": [*PAGE, "contents"]}
    return _answering(f"A page of {name}", page, {"application/x-ndjson": {"schema": {"type": "string"}}})


def _one(name: str, model: Model) -> Json:
    named = {"in": "path", "name": "id", "required": True, "schema": {"type": "string", "format": "uuid"}}
    more = [_parameter("full_service")] if model is Organization else []
    answer = _answering(f"One of {name}, with all that hangs on it", _ref(model)) | {"parameters": [named, *more]}
    answer["responses"]["404"] = _error("There is nothing of that name")
    return answer


def _answering(summary: str, schema: Json, more: Json | None = None) -> Json:
    content = {"application/json": {"schema": schema}} | (more or {})
    return {
        "summary": summary,
        "responses": {"200": {"description": summary, "content": content}, "400": _error("Cannot be answered")},
    }


def _streaming(summary: str, parameters: tuple[str, ...], kind: str = "application/x-ndjson") -> Json:
    return {
        "summary": summary,
        "parameters": [_parameter(each) for each in parameters],
        "responses": {
            "200": {"description": summary, "content": {kind: {"schema": {"type": "string"}}}},
            "400": _error("Cannot be answered"),
        },
    }


def _parameter(name: str) -> Json:
    return {"in": "query", "name": name, "required": False, "schema": SCHEMAS[KINDS[name]]}


def _body(parameters: tuple[str, ...]) -> Json:
    schema = {
        "type": "object",
        "properties": {each: SCHEMAS[KINDS[each]] for each in parameters},
        "additionalProperties": False,
    }
    return {"required": False, "content": {"application/json": {"schema": schema}}}


def _error(description: str) -> Json:
    error = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    return {"description": description, "content": {"application/json": {"schema": error}}}


def _ref(model: Model) -> Json:
    return {"$ref": f"#/components/schemas/{table_of(model)}"}
