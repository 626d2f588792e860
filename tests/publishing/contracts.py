"""A released month of an invented line, and its contract report: protected as they are in earnest."""

from helpline.accounts.models import User
from helpline.lines.models import Line
from helpline.publishing.contracting import prepare_contract
from helpline.publishing.models import ContractReport, Release
from helpline.publishing.programme import CONTRACT, MONTHLY
from helpline.publishing.protection import protect
from helpline.publishing.synthetic import Month, contacts
from helpline.publishing.tally import tally
from tests.publishing.scene import LAST, publish

SEED = bytes(32)


def a_month(number: int = 600) -> Month:
    (month,) = contacts(1, number, 0.3, 7, first=LAST.replace(month=9))
    return month


def a_released_month(line: Line, people: tuple[User, User], month: Month) -> Release:
    values = protect(MONTHLY, tally(MONTHLY, month), seed=SEED).values
    return publish(line, people, month.start, values.tolist())


def a_report(line: Line, people: tuple[User, User]) -> ContractReport:
    month = a_month()
    return prepare_contract(a_released_month(line, people, month), tally(CONTRACT, month), seed=SEED)
