"""Who edits the public pages: mira and a colleague, each in at the editors' door."""

from collections.abc import Callable

import pytest
from django.test import Client

from helpline.accounts.editing import make_pass
from helpline.accounts.models import Role, User
from helpline.content.founding import found
from helpline.content.models import HomePage, InformationPage
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

EDITING = "editing.localhost"


@pytest.fixture
def rewi(hire: Callable[..., User]) -> User:
    """Another editor."""
    return hire("rewi", Role.EDITOR)


@pytest.fixture
def come_in(line: Line) -> Callable[[User], Client]:
    """A browser of somebody's behind the editors' door."""

    def come_in(user: User) -> Client:
        client = Client(headers={"host": EDITING})
        answer = client.post("/arrive/take", {"pass": make_pass(user)})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        return client

    return come_in


@pytest.fixture
def home(line: Line) -> HomePage:
    """The line's first page in English."""
    found()
    return HomePage.objects.get(line=line, tongue=Language.ENGLISH)


@pytest.fixture
def publish(home: HomePage) -> Callable[..., InformationPage]:
    """An information page of the line, in English unless another home is named."""

    def publish(title: str, slug: str, under: HomePage | None = None, **facts: object) -> InformationPage:
        parent = under or home
        page = InformationPage(title=title, slug=slug, locale=parent.locale, **facts)
        parent.add_child(instance=page)
        return page

    return publish
