"""The pages of the phone and the mailbox; their door is shut wherever the demonstration's own process is not."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as MailSession
from django.test import Client

from helpline.operations.phone import post_office, simulator
from helpline.operations.phone.people import PEOPLE, Person, State, Way, person_of
from helpline.operations.phone.post_office import Handed
from helpline.operations.phone.simulator import LineHere, Simulator
from tests.operations.phone.test_carrier import until
from tests.servers import ROOT, free_port
from tests.test_architecture import CODE, addresses

pytestmark = pytest.mark.django_db  # the public door looks among its pages for whatever it is asked

HOST = "phone.localhost"
SAM = PEOPLE[0]
LINE = LineHere("safe-to-talk", "Safe to talk", "4334", "line@example.org", "demo-line", "invented")
TALK = LineHere("1737", "Need to talk?", "1737", "", "demo-1737", "invented")
MAILS, TEXTS = f"/sam/mail/{LINE.slug}/", f"/sam/text/{LINE.slug}/"


class Line:
    """What a line would be behind LMTP: keeps what comes, or says for now or for ever that it does not."""

    def __init__(self) -> None:
        self.came: list[Envelope] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: SMTP, session: MailSession, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.came.append(envelope)
        return answer


def content_of(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


class LmtpController(Controller):
    def factory(self) -> SMTP:
        return LMTP(self.handler)


@pytest.fixture
def taking() -> Iterator[tuple[Line, int]]:
    line, port = Line(), free_port()
    controller = LmtpController(line, hostname="127.0.0.1", port=port)
    controller.start()
    yield line, port
    controller.stop()


@pytest.fixture
def here(taking: tuple[Line, int]) -> Iterator[Simulator]:
    made = Simulator([LINE, TALK], lmtp_port=taking[1])
    made.start()
    simulator.plug(made)
    yield made
    simulator.plug(None)
    made.stop()


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": HOST})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", sorted(addresses("helpline.operations.phone.urls")))
def test_behind_the_door_is_nothing_where_no_demonstration_runs(browser: Client, address: str, method: str) -> None:
    assert browser.generic(method, address.replace(CODE, "sam", 1)).status_code == (
        405 if (method, address) in SHUT_BY_METHOD else 404
    )


SHUT_BY_METHOD = {("POST", "/"), ("POST", "/version/"), ("GET", f"/{CODE}/switch/")}


def test_a_live_service_does_not_know_its_host() -> None:
    asked = "from django.conf import settings; print(settings.PHONE_HOSTS, 'phone.localhost' in settings.ALLOWED_HOSTS)"
    said = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "helpline.settings",
            "HELPLINE_DEMONSTRATION": "no",
            "HELPLINE_SECRET_KEY": "invented",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[] False\n"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "services.localhost"])
def test_no_other_door_has_its_pages(here: Simulator, host: str) -> None:
    assert Client(headers={"host": host}).get(TEXTS).status_code in {302, 404}


def test_its_pages_are_guarded_like_all_and_set_no_cookie(here: Simulator, browser: Client) -> None:
    for address in ("/", TEXTS, MAILS, "/version/"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_another_site_cannot_write_in_somebody_s_name(here: Simulator, browser: Client) -> None:
    answer = browser.post(TEXTS, {"words": "Hello"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 404  # missing and forbidden look the same
    assert here.conversations.read((SAM.slug, Way.TEXT, LINE.slug)) == []


@pytest.mark.parametrize(
    ("address", "typed", "sentence"),
    [
        (TEXTS, {"words": " "}, "Write something first."),
        (TEXTS, {"words": "x" * 1531}, "A phone sends at most 1530 characters at once. This has 1531."),
        (MAILS, {"subject": "Hello", "words": ""}, "Write something first."),
        (MAILS, {"subject": "x" * 151, "words": "Hello"}, "A subject has at most 150 characters. This has 151."),
    ],
)
def test_what_cannot_be_sent_is_said_and_stays(
    here: Simulator, browser: Client, address: str, typed: dict[str, str], sentence: str
) -> None:
    answer = browser.post(address, typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert all(value in page for value in typed.values())


def test_only_what_a_line_has_can_be_used(here: Simulator, browser: Client) -> None:
    assert browser.get("/sam/mail/1737/").status_code == 404
    assert browser.get("/sam/text/quitline/").status_code == 404
    assert browser.get(f"/nobody/text/{LINE.slug}/").status_code == 404
    assert browser.post("/nobody/switch/").status_code == 404


def test_a_phone_is_switched_off_and_on(here: Simulator, browser: Client) -> None:
    assert browser.post("/sam/switch/", {"line": LINE.slug}).headers["Location"] == TEXTS
    assert "switched off" in browser.get(TEXTS).content.decode()
    assert browser.post("/sam/switch/", {"on": "yes"}).headers["Location"] == "/"
    assert "switched off" not in browser.get(TEXTS).content.decode()


def test_mail_goes_to_the_line_and_the_answer_comes_back_into_the_same_thread(
    here: Simulator, browser: Client, taking: tuple[Line, int]
) -> None:
    line, _ = taking
    line.answers = ["451 4.3.0 Not now"]
    assert browser.post(MAILS, {"subject": "Kia ora", "words": "Are you there?\nTēnā koe"}).status_code == 302
    until(lambda: len(line.came) == 1)
    sent = post_office.read(content_of(line.came[0]))
    assert (sent.subject, sent.words) == ("Kia ora", "Are you there?\nTēnā koe")
    assert (line.came[0].mail_from, line.came[0].rcpt_tos) == (SAM.mailbox, [LINE.email])
    answer = "\r\n".join(
        (
            f"From: Kia ora <{LINE.email}>",
            "Reply-To: <line+abc@example.org>",
            "Subject: Message",
            "Message-ID: <1@x>",
            "",
            "Yes.",
        )
    )
    with smtplib.SMTP("127.0.0.1", here.post_office.port) as server:
        server.sendmail("line+bounce@example.org", [SAM.mailbox], answer.encode())
    until(lambda: "1 new" in browser.get("/").content.decode())
    page = browser.get(MAILS).content.decode()
    assert "Yes." in page
    assert "<strong>Kia ora &lt;line@example.org&gt;</strong>" in page  # as a reader sees the sender
    assert 'value="Re: Message"' in page
    assert "1 new" not in browser.get("/").content.decode()
    browser.post(MAILS, {"subject": "Re: Message", "words": "Good."})
    until(lambda: len(line.came) == 2)
    assert line.came[1].rcpt_tos == ["line+abc@example.org"]
    assert b"In-Reply-To: <1@x>" in content_of(line.came[1])


def test_mail_for_nobody_here_is_refused(here: Simulator) -> None:
    with (
        smtplib.SMTP("127.0.0.1", here.post_office.port) as server,
        pytest.raises(smtplib.SMTPRecipientsRefused),
    ):
        server.sendmail("line@example.org", ["somebody@example.org"], b"Subject: Hello\r\n\r\nHello")


def test_what_is_refused_for_good_is_not_brought_again(
    here: Simulator, browser: Client, taking: tuple[Line, int]
) -> None:
    line, _ = taking
    line.answers = ["550 5.7.1 Never"]
    browser.post(MAILS, {"words": "Hello"})
    until(lambda: here.conversations.read((SAM.slug, Way.MAIL, LINE.slug))[0].state == State.REFUSED)
    assert "refused" in browser.get(MAILS).content.decode()
    assert line.came == []


def test_nobody_listening_is_no_refusal() -> None:
    mail = post_office.write(SAM, LINE.email, "Hello", "Hello")
    assert post_office.hand_over(mail, SAM, free_port()) == Handed.AGAIN


@pytest.mark.parametrize("written", ["+64210000001", "64210000001", "0064210000001", "021 000 0001", "SAM@example.org"])
def test_a_number_is_known_however_it_is_written(written: str) -> None:
    assert person_of(written) == SAM


def test_nobody_else_is(here: Simulator) -> None:
    nobody: list[Person | None] = [person_of(each) for each in ("", "+642100000010", "x@example.org")]
    assert nobody == [None, None, None]
