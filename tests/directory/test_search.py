"""Finding services: what is found, how far a search reaches, and what nobody is ever shown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from helpline.directory import actions, demonstration
from helpline.directory.capacity import Capacity, set_capacity
from helpline.directory.changes import change_row, set_needs, verify
from helpline.directory.files import Part
from helpline.directory.imports import import_parts
from helpline.directory.index import ensure_built, refresh
from helpline.directory.models import Findable, Location, Posting, Service, Source, Word
from helpline.directory.needs import needs
from helpline.directory.saying import said
from helpline.directory.search import Card, Wanted, find

NOW = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)  # Thursday noon in New Zealand
NIGHT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)  # Friday, 1 in the morning
HASTINGS, DUNEDIN = "hastings-hawkes-bay", "dunedin-otago"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Once for all of them; each takes back what it changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.load()
        yield
        transaction.set_rollback(True)


def names(cards: tuple[Card, ...]) -> list[str]:
    return [each.service.name for each in cards]


def add(name: str, **said: Any) -> UUID:
    """A service of an organization of its own, for the whole country unless it says otherwise."""
    identity = uuid4()
    codes = said.pop("needs", ())
    words = [{"id": str(uuid4()), "link_type": "need", "taxonomy_term": needs()[code].term()} for code in codes]
    giver = {"id": str(uuid4()), "name": f"Home of {name}", "description": "Invented."}
    service = {
        "id": str(identity),
        "name": name,
        "status": "active",
        "organization": giver,
        "attributes": words,
        **said,
    }
    outcome = import_parts([Part(name, ((Service, service),))], Source.objects.get_or_create(name="Here")[0])
    assert not outcome.refused
    return identity


def in_town(city: str, latitude: float, longitude: float) -> list[dict[str, Any]]:
    place = {"id": str(uuid4()), "location_type": "physical", "latitude": latitude, "longitude": longitude}
    return [{"id": str(uuid4()), "location": {**place, "name": city}}]


def test_words_with_a_need_and_a_place_find_the_service_there() -> None:
    found = find(Wanted(words="need a councellor in Hastings"), NOW)
    assert [each.code for each in found.needs] == ["counselling"]
    assert found.place
    assert found.place.id == HASTINGS
    card = found.cards[0]
    assert card.service.name == "Counselling Hastings (demonstration)"
    assert card.is_open
    assert card.closes_at
    assert card.closes_at.hour == 17
    assert card.is_free
    assert card.distance_km is not None
    assert card.distance_km < 2
    assert found.widened == ""


def test_a_card_stands_for_each_organization_with_its_other_services() -> None:
    one = add("Blue door, days")
    giver = Service.objects.get(pk=one).organization
    other = add("Blue door, nights", organization={"id": str(giver.pk), "name": giver.name, "description": ""})
    found = find(Wanted(words="blue door days"), NOW)
    assert found.cards[0].service.id == one
    assert [each.id for each in found.cards[0].others] == [other]
    givers = [each.organization.id for each in found.cards if each.organization]
    assert len(set(givers)) == len(givers)


def test_a_need_that_was_taken_away_is_not_looked_for() -> None:
    words = "counsellor, and the police"
    assert {each.code for each in find(Wanted(words=words), NOW).needs} == {"counselling", "police-support"}
    found = find(Wanted(words=words, without=frozenset({"police-support"})), NOW)
    assert [each.code for each in found.needs] == ["counselling"]
    assert "Police" not in found.cards[0].service.name


def test_services_for_the_whole_country_are_never_cut_by_distance() -> None:
    found = find(Wanted(needs=frozenset({"online-harm"}), place=DUNEDIN), NOW)
    assert "Harm online Aotearoa (demonstration)" in names(found.cards)
    assert find(Wanted(needs=frozenset({"counselling"}), place=DUNEDIN), NOW).national


def test_a_service_of_the_region_is_found_from_its_farthest_town() -> None:
    found = find(Wanted(words="counselling in Wanaka"), NOW)
    assert names(found.cards)[0] == "Counselling Dunedin (demonstration)"


def test_places_of_one_name_are_told_apart_by_region() -> None:
    found = find(Wanted(words="refuge in Richmond"), NOW)
    assert len(found.places) > 1
    assert len({each.region for each in found.places}) > 1
    chosen = found.places[-1]
    again = find(Wanted(words="refuge in Richmond", place=chosen.id), NOW)
    assert again.place == chosen


def test_a_place_is_the_same_however_it_is_typed() -> None:
    for words in ("a place in Whangarei", "Whangārei", "whangaarei", "whangarie"):
        where = find(Wanted(words=words), NOW).place
        assert where, words
        assert where.id == "whangarei-northland", words


def test_a_service_that_is_shut_is_not_open_now() -> None:
    wanted = Wanted(needs=frozenset({"counselling"}), place=HASTINGS, is_open_now=True)
    assert "Counselling Hastings (demonstration)" in names(find(wanted, NOW).cards)
    night = find(wanted, NIGHT)
    assert "Counselling Hastings (demonstration)" not in names(night.cards) or night.widened == "facets"
    crisis = find(Wanted(needs=frozenset({"crisis-support"}), place=HASTINGS, is_open_now=True), NIGHT)
    assert crisis.widened == ""
    assert all(each.is_open for each in crisis.cards)


def test_what_nobody_has_is_answered_with_the_widest_there_is() -> None:
    found = find(Wanted(needs=frozenset({"counselling"}), place=HASTINGS, language="xx"), NOW)
    assert found.widened == "facets"
    assert found.cards
    for words in ("qwxyz", "the", "", "🙂", "a" * 5_000, "'; DROP TABLE x; --"):
        found = find(Wanted(words=words), NOW)
        assert found.cards
    assert find(Wanted(words="qwxyz"), NOW).national


def test_nothing_stands_twice_in_an_answer() -> None:
    """Of an organization that helps everywhere there is one card, not another one among those for the country."""
    for needed, place in product(needs(), ["", DUNEDIN]):
        found = find(Wanted(needs=frozenset({needed}), place=place), NOW)
        givers = [each.organization or each.service for each in (*found.cards, *found.national)]
        assert len({each.id for each in givers}) == len(givers), (needed, place)


def test_facets_are_held() -> None:
    found = find(Wanted(for_whom=frozenset({"rainbow"}), language="en", is_free=True), NOW)
    assert found.widened == ""
    assert all("rainbow" in each.for_whom and each.is_free and "en" in each.languages for each in found.cards)


def test_not_in_my_town_and_not_where_i_am_known() -> None:
    wanted = Wanted(needs=frozenset({"counselling"}), place=HASTINGS)
    first = find(wanted, NOW).cards[0]
    assert first.organization
    elsewhere = find(Wanted(needs=wanted.needs, place=HASTINGS, not_in=frozenset({HASTINGS})), NOW)
    assert all(each.distance_km is None or each.distance_km > 15 for each in elsewhere.cards)
    assert "Counselling Hastings (demonstration)" not in names(elsewhere.cards)
    unknown = find(Wanted(needs=wanted.needs, place=HASTINGS, not_known=frozenset({first.organization.id})), NOW)
    givers = {each.organization.id for each in (*unknown.cards, *unknown.national) if each.organization}
    assert first.organization.id not in givers


# The harm guard


HARMING = [
    "worried about my thoughts about kids",
    "i hurt my sister and want to stop",
    "i touched a child",
    "harmful sexual behaviour programme",
]
HARMED = [
    "the offender lives next door",
    "he is a perpetrator and i need help",
    "i hurt so much",
    "i hurt myself when i think of it",
    "i cant stop myself crying",
    "he said i touched him first",
    "i was accused of lying about it",
    "my own behaviour that night makes me ashamed",
    "counsellor",
    "",
]


def test_who_says_that_they_harm_sees_no_service_for_those_who_were_harmed() -> None:
    for words in HARMING:
        found = find(Wanted(words=words), NOW)
        assert found.side == "harming", words
        shown = (*found.cards, *found.national)
        assert all("harmful-behaviour" in each.needs for each in shown), words


def test_nobody_else_sees_a_service_for_those_who_harm() -> None:
    for words, place in product(HARMED, ("", HASTINGS)):
        found = find(Wanted(words=words, place=place), NOW)
        assert found.side == "harmed", words
        shown = (*found.cards, *found.national)
        assert not any("harmful-behaviour" in each.needs for each in shown), words


def test_the_side_that_is_given_holds_whatever_the_words_say() -> None:
    assert find(Wanted(words="i hurt someone", side="harmed"), NOW).side == "harmed"
    found = find(Wanted(words="counsellor", side="harming"), NOW)
    assert all("harmful-behaviour" in each.needs for each in (*found.cards, *found.national))
    taken_away = Wanted(words="i hurt someone", without=frozenset({"harmful-behaviour"}))
    assert find(taken_away, NOW).side == "harmed"


def test_a_service_that_nobody_has_linked_is_told_by_its_own_words() -> None:
    add("Stopping violence programme", description="For perpetrators of family harm. Counselling in groups.")
    assert "Stopping violence programme" not in names(find(Wanted(words="counselling in groups"), NOW).cards)
    harming = find(Wanted(words="counselling in groups", side="harming"), NOW)
    assert "Stopping violence programme" in names(harming.cards)


def test_mediation_is_never_offered() -> None:
    add("Family mediation", description="Sit down together and sort it out.", needs=["counselling"])
    add("Couples counselling", description="For the two of you.", needs=["counselling"])
    shown = find(Wanted(words="family mediation couples counselling", count=200), NOW)
    assert not {"Family mediation", "Couples counselling"} & {*names(shown.cards), *names(shown.national)}


# What is private, avoided or gone


def test_what_is_private_is_not_found_and_not_shown() -> None:
    found = find(Wanted(needs=frozenset({"safe-housing"}), place=HASTINGS), NOW)
    first = found.cards[0]
    assert first.service.name == "Safe housing Hastings (demonstration)"
    assert first.address == ""
    assert first.distance_km is None


def test_hiding_a_place_takes_it_out_of_the_index_at_once() -> None:
    wanted = Wanted(needs=frozenset({"counselling"}), place=HASTINGS)
    assert find(wanted, NOW).cards[0].address
    place = Location.objects.get(name__startswith="Counselling, Hastings")
    actions.set_private(Location, [place.pk], is_private=True)
    found = find(wanted, NOW).cards[0]
    assert (found.service.name, found.address, found.distance_km) == ("Counselling Hastings (demonstration)", "", None)
    actions.set_private(Location, [place.pk], is_private=False)
    assert find(wanted, NOW).cards[0].address


def test_a_service_that_staff_avoid_is_not_found_until_they_do_no_longer() -> None:
    wanted = Wanted(needs=frozenset({"counselling"}), place=HASTINGS)
    first = find(wanted, NOW).cards[0].service
    service = Service.objects.get(pk=first.id)
    actions.avoid(service, "Closed when somebody came.")
    assert first.name not in names(find(wanted, NOW).cards)
    actions.stop_avoiding(service)
    assert find(wanted, NOW).cards[0].service == first


def test_what_is_withdrawn_or_no_longer_active_is_not_found() -> None:
    wanted = Wanted(words="harbour swimming")
    gone, shut = add("Harbour swimming together"), add("Harbour swimming alone")
    assert {each.service.id for each in find(wanted, NOW).cards[:2]} == {gone, shut}
    actions.withdraw(Service, [gone])
    change_row(Service.objects.get(pk=shut), {"status": "inactive"}, "Here")
    assert not {gone, shut} & {each.service.id for each in find(wanted, NOW).cards}


# Kept true


def test_every_change_is_in_the_index_at_once() -> None:
    identity = add("Blue door", description="Somebody listens.")
    service = Service.objects.get(pk=identity)
    set_needs(service, ["forensic-examination"], "Here")
    assert find(Wanted(words="keep evidence"), NOW).cards[0].service.id == identity
    set_capacity(service, Capacity.WAITING, 6, "Here", NOW)
    verify(service, NOW.date(), "Here")
    card = find(Wanted(words="blue door"), NOW).cards[0]
    assert card.capacity
    assert (card.capacity.word, card.capacity.weeks) == ("waiting", 6)
    assert card.verified_on == NOW.date()
    assert not card.is_stale
    change_row(service, {"name": "Yellow door"}, "Here")
    assert find(Wanted(words="yelow door"), NOW).cards[0].service.name == "Yellow door"


def test_the_index_is_the_same_however_it_came_about() -> None:
    identity = add("Blue door", description="Somebody listens to whoever comes.")
    add("Green door", description="Tea, and somebody listens.")
    change_row(Service.objects.get(pk=identity), {"description": "Tea."}, "Here")

    def kept() -> tuple[Any, ...]:
        words = dict(Word.objects.filter(services__gt=0).values_list("word", "services"))
        named = dict(Word.objects.values_list("pk", "word"))
        services = dict(Findable.objects.values_list("number", "service"))
        said = {
            (named[word], services[number], weight)
            for word, number, weight in Posting.objects.values_list("word_id", "number", "weight")
        }
        return words, said

    before = kept()
    assert refresh() == 0
    Findable.objects.all().delete()
    Posting.objects.all().delete()
    Word.objects.all().delete()
    assert refresh() == Service.objects.count()
    assert kept() == before


def test_a_directory_without_an_index_gets_one_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpline.directory.index._built", set())
    monkeypatch.setattr("helpline.directory.index.EDITION", 1_000)
    Findable.objects.all().delete()
    Posting.objects.all().delete()
    ensure_built()
    assert Findable.objects.count() == Service.objects.count()


def test_a_service_with_several_places_is_as_near_as_the_nearest() -> None:
    both = [*in_town("Napier", -39.49, 176.92), *in_town("Invercargill", -46.41, 168.35)]
    identity = add("Two doors", service_at_locations=both, needs=["court-support"])
    found = find(Wanted(words="two doors", place="invercargill-southland"), NOW).cards[0]
    assert found.service.id == identity
    assert found.distance_km is not None
    assert found.distance_km < 5


def test_an_import_that_ends_in_the_middle_leaves_what_was_found_before() -> None:
    before = find(Wanted(words="blue door"), NOW)
    source = Source.objects.create(name="Elsewhere")
    new = {"id": str(uuid4()), "name": "Blue door", "status": "active"}

    def read() -> Iterator[Part]:
        yield Part("1", ((Service, new),))
        raise ConnectionError

    def end(count: int) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        import_parts(read(), source)
    with pytest.raises(ConnectionError):
        import_parts([Part("1", ((Service, new),))], source, indexed=end)
    assert find(Wanted(words="blue door"), NOW) == before
    import_parts([Part("1", ((Service, new),))], source)
    assert find(Wanted(words="blue door"), NOW).cards[0].service.name == "Blue door"


def test_a_card_says_that_today_is_a_public_holiday_unless_the_service_has_said_what_it_does() -> None:
    matariki = datetime(2026, 7, 10, 0, 0, tzinfo=UTC)  # Friday noon in New Zealand
    day = {"valid_from": "2026-07-10", "valid_to": "2026-07-10"}

    def open_with(*schedules: dict[str, Any], now: datetime = matariki) -> str:
        given = [{"id": str(uuid4()), "freq": "WEEKLY", **each} for each in schedules]
        identity = add("Lantern rooms", schedules=given)
        [found] = [each for each in find(Wanted("lantern rooms"), now).cards if each.service.id == identity]
        return said(found, now).open

    weekly = {"byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
    remark = "Today is a public holiday (Matariki), so hours may differ"
    assert open_with(weekly) == f"Open now, until 5 p.m. · {remark}"
    assert open_with(weekly, now=NOW) == "Open now, until 5 p.m."
    assert open_with(weekly, {"opens_at": "10:00", "closes_at": "13:00", **day}) == "Open now, until 1 p.m."
    assert open_with(weekly, day) == "Closed now, opens 9 a.m. on Monday"
    assert open_with(weekly | {"description": "Not on public holidays"}).endswith("5 p.m. · Not on public holidays")
    assert open_with({"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59"}) == "Open now"
    assert open_with({"byday": "MO", "description": "By appointment"}) == f"By appointment · {remark}"
    assert open_with() == ""
