"""The CSV columns of New Zealand's Family Services Directory, as objects of the standard and back.

It has a row for each service, place and category. Rows have no names of their own there, so that theirs are made of
what they say: the same row is the same service in every edition.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from helpline.directory.fields import BadValue
from helpline.directory.hsds import Model
from helpline.directory.models import Service, TaxonomyTerm

NAMESPACE = UUID("6f2f0c0e-3f0a-5b64-9d0a-7a4d1f7c2b11")  # of this mapping: another number would double every row
COLUMNS = (
    "FSD_ID",
    "PROVIDER_NAME",
    "PROVIDER_CLASSIFICATION",
    "ORGANISATION_PURPOSE",
    "PUBLISHED_CONTACT_EMAIL_1",
    "PUBLISHED_PHONE_1",
    "PROVIDER_WEBSITE_1",
    "PROVIDER_CONTACT_AVAILABILITY",
    "PHYSICAL_ADDRESS",
    "LATITUDE",
    "LONGITUDE",
    "SERVICE_NAME",
    "SERVICE_DETAIL",
    "SERVICE_TARGET_AUDIENCES",
    "DELIVERY_METHODS",
    "COST_TYPE",
    "COST_DESCRIPTION",
    "SERVICE_REFERRALS",
    "LEVEL_1_CATEGORY",
    "LEVEL_2_CATEGORY",
)
NEEDED = ("FSD_ID", "PROVIDER_NAME", "SERVICE_NAME")
SCHEME, CATEGORIES = "NZ-FSD", "Family Services Directory"
CLASSIFICATION, DELIVERY = "Provider classification", "Delivery methods"

Row = Mapping[str, str]
Json = dict[str, Any]


def is_header(names: Collection[str]) -> bool:
    return "FSD_ID" in names


def name_of(*parts: str) -> str:
    return str(uuid5(NAMESPACE, "\n".join(parts)))


def read(row: Row) -> tuple[tuple[Model, object], ...]:
    """The service of a row with all that the row says, and the broader word of its category."""
    if unknown := set(row) - set(COLUMNS):
        raise BadValue(f"has a column that is not known: {sorted(unknown)[0]}")
    if missing := [name for name in NEEDED if not row.get(name, "").strip()]:
        raise BadValue(f"{missing[0]} is missing")
    said = {name: row.get(name, "").strip() for name in COLUMNS}
    broader = _term(said, ["LEVEL_1_CATEGORY"])
    return ((Service, _service(said)), *(((TaxonomyTerm, broader),) if broader else ()))


def _service(said: Row) -> Json:
    name = name_of("service", said["FSD_ID"], said["SERVICE_NAME"])
    term = _term(said, ["LEVEL_1_CATEGORY", "LEVEL_2_CATEGORY"])
    words = _labelled(name, DELIVERY, said["DELIVERY_METHODS"])
    if term:
        words.append({"id": name_of(name, "category", term["id"]), "taxonomy_term": term})
    return {
        "id": name,
        "name": said["SERVICE_NAME"],
        "status": "active",
        "description": said["SERVICE_DETAIL"] or None,
        "eligibility_description": said["SERVICE_TARGET_AUDIENCES"] or None,
        "application_process": said["SERVICE_REFERRALS"] or None,
        "organization": _organization(said),
        "schedules": _one(name, "hours", description=said["PROVIDER_CONTACT_AVAILABILITY"]),
        "cost_options": _one(name, "cost", option=said["COST_TYPE"], amount_description=said["COST_DESCRIPTION"]),
        "service_at_locations": _place(name, said),
        "attributes": words,
    }


def _organization(said: Row) -> Json:
    name = name_of("organization", said["FSD_ID"])
    return {
        "id": name,
        "name": said["PROVIDER_NAME"],
        "description": said["ORGANISATION_PURPOSE"],
        "email": said["PUBLISHED_CONTACT_EMAIL_1"] or None,
        "website": _whole(said["PROVIDER_WEBSITE_1"]),
        "phones": _one(name, "phone", number=said["PUBLISHED_PHONE_1"]),
        "attributes": _labelled(name, CLASSIFICATION, said["PROVIDER_CLASSIFICATION"]),
        "organization_identifiers": [
            {
                "id": name_of(name, "identifier"),
                "identifier_scheme": SCHEME,
                "identifier_type": CATEGORIES,
                "identifier": said["FSD_ID"],
            }
        ],
    }


def _place(service: str, said: Row) -> list[Json]:
    address = said["PHYSICAL_ADDRESS"]
    if not address:
        return []
    name = name_of("location", said["FSD_ID"], address)
    return [
        {
            "id": name_of(service, name),
            "location": {
                "id": name,
                "location_type": "physical",
                **_coordinates(said),
                "addresses": [
                    {
                        "id": name_of(name, "address"),
                        "address_1": address,
                        "city": "",  # one line of text there: where the town stands in it varies
                        "state_province": "",
                        "postal_code": address[-4:] if address[-4:].isdigit() else "",
                        "country": "NZ",
                        "address_type": "physical",
                    }
                ],
            },
        }
    ]


def _coordinates(said: Row) -> Json:
    """None for 0, 0, which stands there for a place that is not known."""
    try:
        found = {name.lower(): float(said[name]) for name in ("LATITUDE", "LONGITUDE") if said[name]}
    except ValueError:
        raise BadValue("LATITUDE or LONGITUDE is not a number") from None
    return found if any(found.values()) else {}


def _term(said: Row, levels: list[str]) -> Json | None:
    """The narrowest of these that the row has."""
    found = [said[each] for each in levels if said[each]]
    if not found:
        return None
    taxonomy = {
        "id": name_of("taxonomy"),
        "name": CATEGORIES,
        "description": "Categories of the Family Services Directory.",
    }
    term = {
        "id": name_of("term", *found),
        "name": found[-1],
        "description": found[-1],
        "taxonomy": CATEGORIES,
        "taxonomy_detail": taxonomy,
    }
    return term | ({"parent_id": name_of("term", found[0])} if len(found) > 1 else {})


def _labelled(name: str, label: str, value: str) -> list[Json]:
    return [{"id": name_of(name, label), "label": label, "value": value}] if value else []


def _one(name: str, kind: str, **said: str) -> list[Json]:
    given = {field: text for field, text in said.items() if text}
    return [{"id": name_of(name, kind), **given}] if given else []


def _whole(website: str) -> str | None:
    if not website:
        return None
    return website if "://" in website else f"http://{website}"


# Back


def rows_of(service: Json) -> Iterator[Row]:
    """A service of the standard, fully nested, as rows of that directory: one for each place and category."""
    words = [each["taxonomy_term"] for each in service.get("attributes", ()) if "taxonomy_term" in each]
    ours = [each for each in words if each.get("taxonomy") == CATEGORIES]
    for place in service.get("service_at_locations", ()) or [{}]:
        for term in ours or [None]:
            yield {**_said_of(service), **_said_of_place(place.get("location", {})), **_said_of_term(term)}


def _said_of(service: Json) -> Row:
    organization = service.get("organization", {})
    cost = _first(service, "cost_options")
    return {
        "FSD_ID": _identifier(organization),
        "PROVIDER_NAME": organization.get("name", ""),
        "PROVIDER_CLASSIFICATION": _word(organization, CLASSIFICATION),
        "ORGANISATION_PURPOSE": organization.get("description", ""),
        "PUBLISHED_CONTACT_EMAIL_1": organization.get("email", ""),
        "PUBLISHED_PHONE_1": (_first(organization, "phones") or _first(service, "phones")).get("number", ""),
        "PROVIDER_WEBSITE_1": organization.get("website", ""),
        "PROVIDER_CONTACT_AVAILABILITY": _first(service, "schedules").get("description", ""),
        "SERVICE_NAME": service["name"],
        "SERVICE_DETAIL": service.get("description", ""),
        "SERVICE_TARGET_AUDIENCES": service.get("eligibility_description", ""),
        "DELIVERY_METHODS": _word(service, DELIVERY),
        "COST_TYPE": cost.get("option", ""),
        "COST_DESCRIPTION": cost.get("amount_description", ""),
        "SERVICE_REFERRALS": service.get("application_process", ""),
    }


def _said_of_place(place: Json) -> Row:
    return {
        "PHYSICAL_ADDRESS": _first(place, "addresses").get("address_1", ""),
        "LATITUDE": str(place.get("latitude", "")),
        "LONGITUDE": str(place.get("longitude", "")),
    }


def _said_of_term(term: Json | None) -> Row:
    """A narrower word carries its broader one under `broader`, which `exports` puts there."""
    if term is None:
        return {"LEVEL_1_CATEGORY": "", "LEVEL_2_CATEGORY": ""}
    if "parent_id" not in term:
        return {"LEVEL_1_CATEGORY": term["name"], "LEVEL_2_CATEGORY": ""}
    return {"LEVEL_1_CATEGORY": term.get("broader", ""), "LEVEL_2_CATEGORY": term["name"]}


def _identifier(organization: Json) -> str:
    found = organization.get("organization_identifiers", ())
    ours = [each["identifier"] for each in found if each.get("identifier_scheme") == SCHEME]
    return ours[0] if ours else str(organization.get("id", ""))


def _word(of: Json, label: str) -> str:
    found = [each.get("value", "") for each in of.get("attributes", ()) if each.get("label") == label]
    return found[0] if found else ""


def _first(of: Json, name: str) -> Json:
    found: list[Json] = of.get(name, [])
    return found[0] if found else {}
