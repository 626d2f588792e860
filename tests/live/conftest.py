"""A live process, its clients, and a database that can be taken away."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY

from helpline.accounts.models import User
from helpline.accounts.sessions import SessionStore
from helpline.conversations.models import Conversation
from tests.live.running import EventStream, Running
from tests.people import HelpSeeker


@pytest.fixture
def start_live(transactional_db: None) -> Iterator[Callable[..., Running]]:
    """Start a live process on the test's database."""
    processes: list[Running] = []

    def start(running: Running | None = None) -> Running:
        processes.append(running or Running())
        processes[-1].start()
        return processes[-1]

    yield start
    for process in processes:
        process.stop()


@pytest.fixture
def live(start_live: Callable[..., Running]) -> Running:
    return start_live()


@pytest.fixture
def sign_in(transactional_db: None) -> Callable[[User], dict[str, str]]:
    """What a signed-in desk sends with each live request."""

    def make(user: User) -> dict[str, str]:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session.save()
        return {"Cookie": f"theme=dark; workspace={session.session_key}", "X-Helpline": "desk"}

    return make


@pytest.fixture
def open_stream(live: Running, waiting: Conversation, help_seeker: HelpSeeker) -> Callable[..., EventStream]:
    """Open the stream of the help-seeker whose conversation is `waiting`."""
    path = f"/live/c/{waiting.code}/stream"
    return lambda last=None: live.stream(path, help_seeker.authorization, last)


@pytest.fixture
def test_database_url(transactional_db: None) -> str:
    """For a process of its own on the test's database."""
    found = settings.DATABASES["default"]
    port = f":{found['PORT']}" if found["PORT"] else ""
    secret = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    return f"postgresql://{found['USER']}{secret}@{quote(found['HOST'], safe='')}{port}/{found['NAME']}"
