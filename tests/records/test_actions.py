import pytest

from helpline.accounts.models import User
from helpline.channels.webchat.actions import new_secret, start_chat_without_script
from helpline.conversations.models import Conversation
from helpline.lines.models import Line
from helpline.records import actions
from helpline.records.forms import ContactRecordForm
from helpline.records.models import ContactRecord, SurveyAnswer
from helpline.routing.actions import end
from tests.people import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(line: Line, asha: User) -> Conversation:
    conversation = start_chat_without_script(line, new_secret(), None, "en")
    take(asha, conversation)
    end(conversation, "counsellor")
    conversation.refresh_from_db()
    return conversation


def coded(**answers: object) -> ContactRecordForm:
    blank = {name: "not_stated" for name, field in ContactRecordForm().fields.items() if field.required}
    return ContactRecordForm({**blank, **answers})


def test_a_record_may_be_all_not_stated(ended: Conversation) -> None:
    form = coded()
    assert form.is_valid(), form.errors
    record = actions.record_contact(ended, form.cleaned_data)
    assert record.is_answered
    assert record.is_complete
    assert record.role == record.age == "not_stated"


def test_several_ethnicities_and_needs_are_kept_and_coding_again_corrects(ended: Conversation) -> None:
    for needs in (["information"], ["medical", "police"]):
        form = coded(ethnicities=["maori", "european"], needs=needs)
        assert form.is_valid(), form.errors
        actions.record_contact(ended, form.cleaned_data)
    record = ContactRecord.objects.get()
    assert (record.ethnicities, record.needs) == (["maori", "european"], ["medical", "police"])


def test_an_unknown_code_is_refused() -> None:
    assert not coded(role="customer").is_valid()
    assert not coded(needs=["money"]).is_valid()


def test_the_hour_is_kept_and_not_the_minute(ended: Conversation) -> None:
    form = coded()
    form.is_valid()
    hour = actions.record_contact(ended, form.cleaned_data).started_hour
    assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)


def test_a_survey_answer_keeps_the_month_and_no_way_back(line: Line) -> None:
    actions.answer_survey(line, "webchat", 5, None)
    actions.answer_survey(line, "webchat", None, None)
    answer = SurveyAnswer.objects.get()
    assert answer.month.day == 1
    related = {field.related_model for field in SurveyAnswer._meta.get_fields() if field.is_relation}
    assert related == {Line}
