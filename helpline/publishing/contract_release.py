"""The contract as Open Contracting data: a package of OCDS 1.1 releases.

Each edition of the record is a release, and so is each published month: the standard calls the first planning to
contract, the second implementation. What a release said does not change; a newer one comes beside it. Service levels
are in the fields of the standard's metrics extension.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from helpline.publishing.levels import LEVELS, measured
from helpline.publishing.models import ContractRecord, Release
from helpline.publishing.published import Figures
from helpline.records.months import month_after

Json = dict[str, Any]
METRICS = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_metrics_extension/master/extension.json"
PER_CENT = {"name": "per cent", "scheme": "UNCEFACT", "id": "P1"}
CONTRACT, AWARD, TENDER = "contract", "award", "tender"
FIRST = ["tender", "award", "contract"]
LATER = ["tenderUpdate", "awardUpdate", "contractUpdate"]


def package(site: str, editions: Sequence[ContractRecord], months: Sequence[tuple[Release, Figures]]) -> bytes:
    """`site`: the address of its first page. Editions and months, each the oldest first."""
    releases = sorted(_releases(site, editions, months), key=lambda each: str(each["date"]))
    process = editions[-1].facts["process"]
    said = {
        "uri": f"{site}contract/release.json",
        "version": "1.1",
        "extensions": [METRICS],
        "publishedDate": releases[-1]["date"],
        "publisher": {"name": process["publisher"]},
        "license": process.get("licence"),
        "releases": releases,
    }
    return json.dumps(_without_nothing(said), ensure_ascii=False, indent=1).encode() + b"\n"


def _releases(
    site: str, editions: Sequence[ContractRecord], months: Sequence[tuple[Release, Figures]]
) -> Iterator[Json]:
    process = editions[-1].facts["process"]
    ocid = f"{process['prefix']}-{process['id']}"
    for edition in editions:
        yield _edition(site, ocid, edition)
    for release, figures in months:
        yield _month(site, ocid, release, figures)


def _edition(site: str, ocid: str, edition: ContractRecord) -> Json:
    facts = edition.facts
    buyer, supplier = ({"id": facts[who]["id"], "name": facts[who]["name"]} for who in ("buyer", "supplier"))
    promised = _promised(facts)
    return {
        "ocid": ocid,
        "id": f"{ocid}-{edition.number}",
        "date": _moment(edition.published_at),
        "tag": FIRST if edition.number == 1 else LATER,
        "initiationType": "tender",
        "language": "en",
        "parties": [
            _party(facts["buyer"], ["buyer", "procuringEntity"]),
            _party(facts["supplier"], ["supplier"]),
        ],
        "buyer": buyer,
        "tender": _tender(facts["tender"], buyer) | {"targets": promised},
        "awards": [
            {
                "id": AWARD,
                "title": facts["award"]["title"],
                "status": facts["award"]["status"],
                "date": _day(facts["award"].get("date")),
                "suppliers": [supplier],
            }
        ],
        "contracts": [_contract(site, facts) | {"agreedMetrics": promised}],
    }


def _party(facts: Json, roles: list[str]) -> Json:
    address = facts.get("address")
    return {
        "id": facts["id"],
        "name": facts["name"],
        "roles": roles,
        "identifier": {"id": facts["id"], "legalName": facts["name"], "uri": address},
    }


def _tender(facts: Json, buyer: Json) -> Json:
    return {
        "id": TENDER,
        "title": facts["title"],
        "description": facts["description"],
        "status": facts["status"],
        "procuringEntity": buyer,
        "procurementMethod": facts["method"],
        "procurementMethodDetails": facts.get("method_details"),
        "mainProcurementCategory": "services",
        "tenderPeriod": _period(facts.get("opened"), facts.get("closed")),
    }


def _contract(site: str, facts: Json) -> Json:
    own = facts["contract"]
    documents = [
        {"id": f"document-{place}", "title": each["title"], "description": each.get("description")}
        | {"url": each["address"]}
        for place, each in enumerate(facts["documents"], 1)
    ]
    figures = {"id": "figures", "title": "Figures of each month", "url": f"{site}figures/", "format": "text/html"}
    return {
        "id": CONTRACT,
        "awardID": AWARD,
        "title": own["title"],
        "description": own["description"],
        "status": own["status"],
        "period": _period(own["starts"], own.get("ends")),
        "dateSigned": _day(own.get("signed")),
        "documents": documents,
        "milestones": [_milestone(place, each) for place, each in enumerate(facts["milestones"], 1)],
        "implementation": {"documents": [figures]},
    }


def _milestone(place: int, facts: Json) -> Json:
    return {
        "id": f"milestone-{place}",
        "title": facts["title"],
        "type": "delivery",
        "description": facts.get("description"),
        "dueDate": _day(facts.get("due")),
        "dateMet": _day(facts.get("met")),
        "status": "met" if facts.get("met") else "scheduled",
    }


def _promised(facts: Json) -> list[Json]:
    """In every month, at least so many per cent."""
    own = facts["contract"]
    return [
        _metric(code, f"{code}-promised", promise, _period(own["starts"], own.get("ends")))
        for code, promise in facts["levels"].items()
    ]


def _month(site: str, ocid: str, release: Release, figures: Figures) -> Json:
    start = figures.start
    last = month_after(start) - dt.timedelta(days=1)
    period = _period(start.isoformat(), last.isoformat())
    metrics = [
        _metric(code, f"{code}-{start:%Y-%m}", float(share.whole), period) for code, share in measured(figures).items()
    ]
    figures_of = {
        "id": f"figures-{start:%Y-%m}",
        "title": f"Figures of {start:%Y-%m}",
        "url": f"{site}figures/{start:%Y-%m}.json",
        "format": "application/json",
    }
    return {
        "ocid": ocid,
        "id": f"{ocid}-figures-{start:%Y-%m}",
        "date": _moment(release.released_at),
        "tag": ["implementation"],
        "initiationType": "tender",
        "language": "en",
        "contracts": [
            {"id": CONTRACT, "awardID": AWARD, "implementation": {"metrics": metrics, "documents": [figures_of]}}
        ],
    }


def _metric(code: str, name: str, measure: float, period: Json | None) -> Json:
    level = LEVELS[code]
    observation = {"id": name, "period": period, "measure": measure, "unit": PER_CENT}
    return {"id": code, "title": level.name.en, "description": level.means, "observations": [observation]}


def _period(first: str | None, last: str | None) -> Json | None:
    return {"startDate": _day(first), "endDate": _day(last, is_over=True)} if first or last else None


def _day(day: str | None, *, is_over: bool = False) -> str | None:
    """By New Zealand's clock: its first second, or its last."""
    if day is None:
        return None
    time = dt.time(23, 59, 59) if is_over else dt.time(0)
    return dt.datetime.combine(dt.date.fromisoformat(day), time, ZoneInfo(settings.TIME_ZONE)).isoformat()


def _moment(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).replace(microsecond=0).isoformat() if at else ""


def _without_nothing(found: Any) -> Any:
    """The standard leaves out what is not known."""
    if isinstance(found, dict):
        return {name: _without_nothing(each) for name, each in found.items() if each not in (None, [], {}, "")}
    if isinstance(found, list):
        return [_without_nothing(each) for each in found]
    return found
