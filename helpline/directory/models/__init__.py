"""Tables with the field names of the Human Services Data Specification 3.1, one model each (docs/directory.md)."""

from helpline.directory.models.base import Hideable, Row, Source, Tombstone
from helpline.directory.models.details import (
    Accessibility,
    Address,
    Contact,
    CostOption,
    Funding,
    Language,
    OrganizationIdentifier,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceArea,
    ServiceCapacity,
    Unit,
    Url,
)
from helpline.directory.models.findable import Findable, Index, Posting, Shown, Word
from helpline.directory.models.organizations import (
    Avoided,
    Location,
    Organization,
    Program,
    Service,
    ServiceAtLocation,
)
from helpline.directory.models.summaries import Summary
from helpline.directory.models.terms import Attribute, Metadata, MetaTableDescription, Taxonomy, TaxonomyTerm

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Avoided",
    "Contact",
    "CostOption",
    "Findable",
    "Funding",
    "Hideable",
    "Index",
    "Language",
    "Location",
    "MetaTableDescription",
    "Metadata",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Posting",
    "Program",
    "RequiredDocument",
    "Row",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "Shown",
    "Source",
    "Summary",
    "Taxonomy",
    "TaxonomyTerm",
    "Tombstone",
    "Unit",
    "Url",
    "Word",
]
