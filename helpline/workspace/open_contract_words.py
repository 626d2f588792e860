"""What the form of the contract in the open says."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpline.publishing import contract_facts

TITLES = {
    "process": _("What is published"),
    "buyer": _("Who pays"),
    "supplier": _("Who runs the line"),
    "tender": _("How that was decided"),
    "award": _("The decision"),
    "contract": _("The contract"),
    "levels": _("What was promised, of each month at least so many per cent"),
    "milestones": _("Steps"),
    "documents": _("Documents"),
}
_ORGANISATION = {
    "id": _("Identifier"),
    "name": _("Name of the organisation"),
    "address": _("Its address on the web"),
}
LABELS = {
    "top.is_invented": _("This is a demonstration: the page says that it is invented"),
    "process.prefix": _("Your prefix for open contracts"),
    "process.id": _("Identifier of this process"),
    "process.title": _("Title"),
    "process.publisher": _("Who publishes this"),
    "process.licence": _("Address of the licence"),
    **{f"buyer.{name}": label for name, label in _ORGANISATION.items()},
    **{f"supplier.{name}": label for name, label in _ORGANISATION.items()},
    "tender.title": _("Title"),
    "tender.description": _("What was asked for"),
    "tender.method": _("Who could apply"),
    "tender.method_details": _("Where it was announced"),
    "tender.opened": _("Opened on"),
    "tender.closed": _("Closed on"),
    "tender.status": _("How it stands"),
    "award.title": _("Title"),
    "award.date": _("Decided on"),
    "award.status": _("How it stands"),
    "contract.title": _("Title"),
    "contract.description": _("What it is about"),
    "contract.starts": _("From"),
    "contract.ends": _("Until"),
    "contract.signed": _("Signed on"),
    "contract.status": _("How it stands"),
    "milestones.title": _("Step"),
    "milestones.due": _("Due on"),
    "milestones.met": _("Reached on"),
    "milestones.description": _("More about it"),
    "documents.title": _("Document"),
    "documents.address": _("Its address on the web"),
    "documents.description": _("More about it"),
}
HELP = {
    "process.prefix": _("The Open Contracting Partnership gives it to you. It looks like ocds-abc123."),
    "process.id": _("Letters, digits, points and hyphens, such as safe-to-talk. Please do not change it later."),
    "process.licence": _("Such as https://creativecommons.org/licenses/by/4.0/"),
    "buyer.id": _("Such as nz-msd."),
    "supplier.id": _("Such as nz-homecare-medical."),
    "documents.address": _("Of a document that is public already."),
}
LONG = {"description"}
CODES = {
    "open": _("Open to everybody"),
    "selective": _("Open to some who qualified"),
    "limited": _("Only some were asked"),
    "direct": _("One was asked"),
    "planning": _("Being thought about"),
    "planned": _("Planned"),
    "pending": _("Not yet begun"),
    "active": _("In force"),
    "cancelled": _("Called off"),
    "unsuccessful": _("Came to nothing"),
    "complete": _("Complete"),
    "withdrawn": _("Withdrawn"),
    "terminated": _("Ended"),
}
WRONG = {
    "missing": _("Please fill this in."),
    "long": _("That is too long: up to 2,000 letters."),
    "choose": _("Choose one."),
    "level": _("Write a number from 1 to 100."),
    "no_level": _("Promise at least one of these."),
}
REFUSED: dict[contract_facts.Check, Promise] = {
    contract_facts.a_text: WRONG["missing"],
    contract_facts.a_name: _("Letters, digits, points and hyphens only, up to 80."),
    contract_facts.a_prefix: _("It begins with ocds- and has six small letters or digits after it."),
    contract_facts.an_address: _("An address begins with https://"),
}
