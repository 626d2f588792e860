"""What becomes of a mail: whose conversation it joins, what is answered by itself, and what never is."""

import datetime as dt
import time

import pytest
from django.utils import timezone

from helpline.accounts.models import User
from helpline.channels.email import limits, words
from helpline.channels.email.arriving import Became, Posted, arrive, arrive_all
from helpline.channels.email.tokens import bounce_token, bounced_by, thread_of, thread_token
from helpline.channels.models import Address, Carrier, Delivery
from helpline.channels.outbound import NotAsked
from helpline.channels.windows import JUST_NOW
from helpline.conversations.models import Author, Conversation, Message
from helpline.lines.models import Line
from helpline.routing import actions as routing
from tests.channels.email.mailing import AROHA, LINE, WIREMU, a_mail, bounce_of, comes, mailbox, sent_by, with_picture
from tests.channels.texting import reply, words_of
from tests.people import take

pytestmark = pytest.mark.django_db


def said_by_them(conversation: Conversation) -> list[str]:
    return [text for author, text in words_of(conversation) if author == Author.HELP_SEEKER]


def test_a_first_mail_begins_a_conversation_and_is_answered_once(arriving: Carrier, sending: Carrier) -> None:
    assert comes(arriving, a_mail("Is anybody there?", subject="A question")) == Became.RECEIVED
    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.queue_entry.state) == ("email", "waiting")
    assert said_by_them(conversation) == ["A question\n\nIs anybody there?"]
    [(outgoing, mail, _)] = sent_by(sending)
    assert outgoing.is_automatic
    text = mail.get_content()
    assert "within a day" in text
    assert "111" in text
    assert "STOP" in text
    assert (mail["Auto-Submitted"], mail["To"], mail["From"]) == ("auto-replied", AROHA, LINE)


def test_the_first_answer_says_where_to_chat_instead(arriving: Carrier, sending: Carrier, line: Line) -> None:
    line.hosts = ["localhost", "talk.example"]
    line.save()
    comes(arriving, a_mail())
    [(_, mail, _)] = sent_by(sending)
    assert "https://talk.example/chat/" in mail.get_content()


def test_mail_of_ours_says_nothing_to_whoever_reads_over_a_shoulder(
    arriving: Carrier, sending: Carrier, line: Line, asha: User
) -> None:
    comes(arriving, a_mail("Something private", subject="Something secret"))
    conversation = Conversation.objects.get()
    take(asha, conversation)
    reply(conversation, asha, "I am here.")
    answer = next(mail for outgoing, mail, _ in sent_by(sending) if not outgoing.is_automatic)
    assert answer["Subject"] == "Your message"
    assert answer.get_content() == "I am here.\n"
    assert "Auto-Submitted" not in answer
    whole = answer.as_string().lower()
    for told in ("private", "secret", line.name.lower(), line.slug.lower(), "helpline", "python", asha.username):
        assert told not in whole, told


def test_an_answer_finds_back_by_its_address_by_what_it_answers_or_by_who_wrote_it(
    arriving: Carrier, sending: Carrier
) -> None:
    comes(arriving, a_mail("One"))
    [(_, mail, _)] = sent_by(sending)
    to = str(mail["Reply-To"])
    assert to != LINE
    other = "from-work@person.example"
    comes(arriving, a_mail("Two", of=other, to=to), to=to, envelope=other)
    comes(arriving, a_mail("Three", of=other, in_reply_to=str(mail["Message-ID"])), envelope=other)
    comes(arriving, a_mail("Four", subject="Quite another matter"))
    note = words.note_other_address()
    assert said_by_them(Conversation.objects.get()) == [
        "One",
        f"Two\n\n{note}",
        f"Three\n\n{note}",
        "Quite another matter\n\nFour",
    ]


def test_a_subject_is_no_thread(arriving: Carrier, sending: Carrier) -> None:
    comes(arriving, a_mail("One"))
    comes(arriving, a_mail("Two", of=WIREMU, subject="Re: Your message"), envelope=WIREMU)
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize("how", ["cut", "changed", "of another thread", "of a bounce"])
def test_a_forged_token_is_no_token(arriving: Carrier, how: str) -> None:
    comes(arriving, a_mail("One"))
    token = thread_token(Address.objects.get().thread)
    forged = {
        "cut": token[:-1],
        "changed": token[:-3] + ("aaa" if token[-3:] != "aaa" else "bbb"),
        "of another thread": thread_token("A" * 22)[:20] + token[20:],
        "of a bounce": bounce_token(1, 1),
    }[how]
    to = f"kia-ora+{forged}@line.example"
    assert comes(arriving, a_mail("Let me in", of=WIREMU, to=to), to=to, envelope=WIREMU) == Became.RECEIVED
    assert Conversation.objects.count() == 2


def test_tokens_are_read_back_whatever_becomes_of_capitals() -> None:
    thread = thread_token("A" * 22)
    assert thread_of(thread.upper().lower()) == "A" * 22
    assert len(thread) <= 40  # what stands before the @ may have 64
    assert bounced_by(bounce_token(7, 3)) == (3, "mail-7")
    assert bounced_by(thread) is None
    assert thread_of(bounce_token(7, 3)) == ""


def test_a_mail_that_is_handed_over_again_is_no_news(arriving: Carrier) -> None:
    mail = a_mail("Once")
    assert [comes(arriving, mail), comes(arriving, b"Received: again\r\n" + mail)] == [Became.RECEIVED, Became.REPEAT]
    assert said_by_them(Conversation.objects.get()) == ["Once"]


def test_a_bounce_marks_the_one_mail_that_did_not_arrive(arriving: Carrier, sending: Carrier, asha: User) -> None:
    comes(arriving, a_mail())
    conversation = Conversation.objects.get()
    take(asha, conversation)
    reply(conversation, asha)
    envelopes = [envelope for outgoing, _, envelope in sent_by(sending) if not outgoing.is_automatic]
    [envelope] = envelopes
    for action, state in (("delayed", "sent"), ("failed", "failed")):
        assert comes(arriving, bounce_of(envelope, action), to=envelope, envelope="") == Became.BOUNCE
        delivery = Delivery.objects.filter(is_automatic=False).get()
        assert delivery.state == state
    assert delivery.reason == "undelivered"
    assert not Delivery.objects.filter(is_automatic=True, state="failed").exists()
    assert len(said_by_them(conversation)) == 1


def test_a_bounce_of_a_stranger_changes_nothing(arriving: Carrier, sending: Carrier) -> None:
    comes(arriving, a_mail())
    sent_by(sending)
    forged = f"kia-ora+b{'a' * 21}@line.example"
    assert comes(arriving, bounce_of(forged), to=forged, envelope="") == Became.NOBODY
    assert Delivery.objects.get().state == "sent"


@pytest.mark.parametrize(
    "headers",
    [{"auto_submitted": "auto-replied"}, {"x_autoreply": "yes"}, {"precedence": "auto_reply"}],
    ids=lambda headers: next(iter(headers)),
)
def test_a_machines_answer_is_nobodys_message(arriving: Carrier, headers: dict[str, str]) -> None:
    assert comes(arriving, a_mail("I am away.", **headers)) == Became.NOBODY
    assert not Conversation.objects.exists()


def test_a_mail_of_ours_that_comes_back_is_no_message(arriving: Carrier, sending: Carrier) -> None:
    comes(arriving, a_mail())
    [(_, mail, envelope)] = sent_by(sending)
    assert comes(arriving, mail.as_bytes(), envelope=envelope) == Became.NOBODY
    assert len(said_by_them(Conversation.objects.get())) == 1


def test_words_by_way_of_a_list_are_taken_and_not_answered_by_themselves(arriving: Carrier, sending: Carrier) -> None:
    assert comes(arriving, a_mail("Help", list_id="<group.person.example>")) == Became.RECEIVED
    assert sent_by(sending) == []


def test_a_machines_mail_says_of_nobody_that_they_are_there(arriving: Carrier, sending: Carrier, asha: User) -> None:
    """Whoever said "never" is answered for a moment after they have written; not after a list has sent something on."""
    comes(arriving, a_mail("One"))
    conversation = Conversation.objects.get()
    take(asha, conversation)
    sent_by(sending)
    long_ago = timezone.now() - dt.timedelta(hours=1)
    Address.objects.update(window=Address.Window.NEVER, heard_at=long_ago)
    assert comes(arriving, a_mail("By a list", list_id="<group.person.example>")) == Became.RECEIVED
    assert Address.objects.get().heard_at == long_ago
    with pytest.raises(NotAsked):
        reply(conversation, asha)
    comes(arriving, a_mail("Myself"))
    reply(conversation, asha)
    assert len(sent_by(sending)) == 1


def test_whom_only_a_machine_has_brought_was_never_there(arriving: Carrier) -> None:
    comes(arriving, a_mail("Help", list_id="<group.person.example>"))
    assert timezone.now() - Address.objects.get().heard_at >= JUST_NOW


def test_mails_that_come_together_are_what_each_would_be_alone(arriving: Carrier, sending: Carrier) -> None:
    comes(arriving, a_mail("One"))
    [(_, mail, envelope)] = sent_by(sending)
    answer = str(mail["Reply-To"])
    limits.forget()
    posts = [
        (a_mail("Two"), LINE, AROHA),
        (a_mail("Kia ora", of=WIREMU), LINE, WIREMU),
        (with_picture("Look"), LINE, AROHA),
        (a_mail("Three", in_reply_to=str(mail["Message-ID"]), to=answer), answer, AROHA),
        (a_mail("I am away.", auto_submitted="auto-replied"), LINE, "away@person.example"),
        (bounce_of(envelope), envelope, ""),
        (a_mail("Still there?", of=WIREMU), LINE, WIREMU),
        (a_mail("STOP", of=WIREMU), LINE, WIREMU),
    ]
    found = arrive_all(arriving, [Posted(raw, (to,), sender) for raw, to, sender in posts])
    assert [each.name for each in found if isinstance(each, Became)] == [
        "RECEIVED", "RECEIVED", "RECEIVED", "RECEIVED", "NOBODY", "BOUNCE", "RECEIVED", "STOPPED",
    ]  # fmt: skip
    note = words.note_attachments(1)
    assert said_by_them(Conversation.objects.get()) == ["One", "Two", f"Look\n\n{note}", "Three"]
    to_whom = [str(mail["To"]) for _, mail, _ in sent_by(sending)]
    assert to_whom == [AROHA, WIREMU]  # the picture is refused, STOP is confirmed; his first reply went with the rest
    again = arrive_all(arriving, [Posted(raw, (to,), sender) for raw, to, sender in posts[:2]])
    assert again == [Became.REPEAT, Became.REPEAT]


def test_a_sender_is_answered_by_itself_once_an_hour(
    arriving: Carrier, sending: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever they send: another conversation, pictures, too many words."""
    comes(arriving, a_mail("One"))
    routing.end(Conversation.objects.get(), Author.HELP_SEEKER)
    comes(arriving, a_mail("Two"))
    comes(arriving, with_picture())
    comes(arriving, a_mail("Other", of=WIREMU), envelope=WIREMU)
    sent = [str(mail["To"]) for _, mail, _ in sent_by(sending)]
    assert sent == [WIREMU]  # what was to tell Aroha of the first went with it
    now = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now + limits.SECONDS + 1)
    comes(arriving, with_picture())
    assert [str(mail["To"]) for _, mail, _ in sent_by(sending)] == [AROHA]


def test_what_is_attached_is_refused_kindly_and_the_counsellor_knows(
    arriving: Carrier, sending: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(arriving, a_mail("One"))
    sent_by(sending)
    limits.forget()
    comes(arriving, with_picture("Look"))
    assert said_by_them(Conversation.objects.get())[-1] == f"Look\n\n{words.note_attachments(1)}"
    [(outgoing, mail, _)] = sent_by(sending)
    assert outgoing.is_automatic
    assert "cannot be opened" in mail.get_content()


def test_a_mail_without_words_is_a_message_all_the_same(arriving: Carrier) -> None:
    comes(arriving, a_mail("", of=WIREMU), envelope=WIREMU)
    assert said_by_them(Conversation.objects.get()) == [words.no_words()]


@pytest.mark.parametrize("text", ["STOP", "stop.", "Mutu", "STOP\n\n> To end this, answer STOP"])
def test_one_word_erases_and_is_confirmed_once(arriving: Carrier, sending: Carrier, text: str) -> None:
    comes(arriving, a_mail("One"))
    sent_by(sending)
    assert comes(arriving, a_mail(text, subject="Re: Your message")) == Became.STOPPED
    assert not Address.objects.exists()
    assert not Message.objects.exists()
    [(_, mail, _)] = sent_by(sending)
    assert "erased" in mail.get_content()
    assert sent_by(sending) == []


def test_one_word_from_another_of_their_addresses_ends_the_thread_that_it_answers(
    arriving: Carrier, sending: Carrier
) -> None:
    comes(arriving, a_mail("One"))
    sent_by(sending)
    to = f"kia-ora+{thread_token(Address.objects.get().thread)}@line.example"
    assert comes(arriving, a_mail("STOP", of=WIREMU), to=to, envelope=WIREMU) == Became.STOPPED
    assert not Message.objects.exists()
    assert [str(mail["To"]) for _, mail, _ in sent_by(sending)] == [WIREMU]


def test_a_sentence_that_begins_with_stop_is_a_message(arriving: Carrier) -> None:
    comes(arriving, a_mail("Stop worrying, they say. How?"))
    assert len(said_by_them(Conversation.objects.get())) == 1


def test_whom_nobody_could_answer_is_no_message(arriving: Carrier) -> None:
    assert comes(arriving, b"Subject: x\r\n\r\nWho?\r\n", envelope="") == Became.NOBODY


def test_a_hosted_mailbox_says_neither_recipient_nor_envelope(line: Line, sending: Carrier) -> None:
    hosted = mailbox(line, "imap")
    assert arrive(hosted, a_mail("One")) == Became.RECEIVED
    [(_, mail, envelope)] = sent_by(sending)
    assert arrive(hosted, a_mail("Two", of=WIREMU, to=str(mail["Reply-To"]))) == Became.RECEIVED
    assert arrive(hosted, bounce_of(envelope)) == Became.BOUNCE
    assert Conversation.objects.count() == 1
    assert Delivery.objects.get().state == "failed"


def test_a_mail_in_te_reo_is_answered_in_te_reo(arriving: Carrier, sending: Carrier, line: Line) -> None:
    line.languages = ["en", "mi"]
    line.save()
    comes(arriving, a_mail("Kia ora", content_language="mi"))
    assert Conversation.objects.get().language == "mi"
    [(_, mail, _)] = sent_by(sending)
    assert mail["Subject"] == words.subject("mi")
