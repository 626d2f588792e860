from helpline.routing.models import Urgency
from helpline.routing.parties import BECAUSE
from helpline.workspace.words import WORDS


def test_every_reason_of_an_offer_has_its_sentence() -> None:
    wanted = {f"because_{word}" for word in BECAUSE} | {
        f"dropped_{wish}" for wish in ("gender", "continuity", "senior")
    }
    assert wanted == {key for key in WORDS if key.startswith(("because_", "dropped_"))}


def test_every_class_has_its_name() -> None:
    names = WORDS["urgencies"]
    assert isinstance(names, dict)
    assert names.keys() == {str(int(each)) for each in Urgency}
