"""All that was sent, on the public site and in a feed."""

import xml.etree.ElementTree as ET  # nosec B405  # of our own making

import pytest
from django.test import Client

from helpline.accounts.models import User
from helpline.engagement import writing
from helpline.lines.models import Line
from tests.engagement.making import fields, sent_update

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path, headers={"host": "localhost"})
    assert answer.status_code == status
    return answer.content.decode()


def test_what_was_sent_is_there_for_everybody(client: Client, line: Line, mira: User, sunita: User) -> None:
    assert "Nothing has been sent yet." in read(client, "/updates/archive/")
    update = sent_update(line, mira, sunita, region="otago", title_mi="He rūma hou", text_mi="He rūma hou.")
    page = read(client, "/updates/archive/")
    assert f'/updates/read/{update.code}/" lang="en">What is new' in page
    assert "Otago" in page
    assert "<p>There is a new room.</p>" in read(client, f"/updates/read/{update.code}/")
    assert "He rūma hou" in read(client, "/updates/mi/archive/")
    assert "<p>He rūma hou.</p>" in read(client, f"/updates/mi/read/{update.code}/")


def test_a_draft_is_not(client: Client, line: Line, mira: User) -> None:
    update = writing.write(mira, fields(line))
    read(client, f"/updates/read/{update.code}/", 404)
    writing.ask_for_a_look(mira, update)
    read(client, f"/updates/read/{update.code}/", 404)
    assert update.title not in read(client, "/updates/archive/") + read(client, "/updates/feed.xml")


def test_nor_is_that_of_another_line(client: Client, line: Line, mira: User, sunita: User) -> None:
    other = Line.objects.create(slug="other", name="Other", hosts=["other.localhost"])
    update = sent_update(other, mira, sunita)
    read(client, f"/updates/read/{update.code}/", 404)
    assert update.title not in read(client, "/updates/archive/") + read(client, "/updates/feed.xml")


def test_a_missing_translation_is_marked(client: Client, line: Line, mira: User, sunita: User) -> None:
    update = sent_update(line, mira, sunita)
    page = read(client, f"/updates/mi/read/{update.code}/")
    assert "Kei te reo Pākehā anake tēnei." in page
    assert '<h1 lang="en">' in page


def test_a_feed_has_the_newest_first(client: Client, line: Line, mira: User, sunita: User) -> None:
    first = sent_update(line, mira, sunita, title="The first")
    second = sent_update(line, mira, sunita, title="The second", text="See /figures/.")
    feed = ET.fromstring(read(client, "/updates/feed.xml"))  # nosec B314  # the same
    entries = feed.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == ["The second", "The first"]
    assert [each.findtext(f"{ATOM}id") for each in entries] == [
        f"urn:helpline:update:{each.code}" for each in (second, first)
    ]
    assert 'href="http://localhost/figures/"' in str(entries[0].findtext(f"{ATOM}summary"))
