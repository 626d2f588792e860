"""Words of a classification, what they are hung on, and the account of every change."""

from django.db import models

from helpline.directory.fields import Day, Identity, Link, Name, Text, Uri
from helpline.directory.models.base import OF_A_SERVICE, Row
from helpline.vault.erasure import NOTHING_PERSONAL


class Taxonomy(Row):
    erasure = NOTHING_PERSONAL
    file = "taxonomies.csv"
    has_attributes = False

    name = Name(null=False)
    description = Text(null=False)
    uri = Uri()
    version = Text()


class TaxonomyTerm(Row):
    erasure = NOTHING_PERSONAL
    file = "taxonomy_terms.csv"
    has_attributes = False

    code = Text()
    name = Name(null=False)
    description = Text(null=False)
    parent = Link("self", related_name="+")
    taxonomy = Text()
    taxonomy_detail = Link(Taxonomy, related_name="+", named="taxonomy_id")
    language = Text()
    term_uri = Uri()


class Attribute(Row):
    """A word on any row, `link_id`, of any table."""

    erasure = NOTHING_PERSONAL
    file = "attributes.csv"
    has_attributes = False

    link_id = Identity(null=True, blank=True, db_index=True)
    taxonomy_term = Link(TaxonomyTerm, related_name="+")
    link_type = Text()
    link_entity = Text()
    value = Text()
    label = Text()

    of_table = models.CharField(max_length=40, blank=True)


class Metadata(Row):
    """One change to one field of any row, `resource_id`, of any table: when, by whom, from what to what."""

    erasure = OF_A_SERVICE
    file = "metadata.csv"
    has_attributes = False
    has_metadata = False

    resource_id = Identity(null=True, blank=True, db_index=True)
    resource_type = Text()
    last_action_date = Day(null=False)
    last_action_type = Text(null=False)
    field_name = Text(null=False)
    previous_value = Text(null=False)
    replacement_value = Text(null=False)
    updated_by = Text(null=False)

    of_table = models.CharField(max_length=40, blank=True)
    is_private = models.BooleanField(default=False)
    """Kept from when the row was private: the former value stays so once the row is not."""


class MetaTableDescription(Row):
    """What a source says of one of its tables."""

    erasure = NOTHING_PERSONAL
    file = "meta_table_descriptions.csv"

    name = Text()
    language = Text()
    character_set = Text()
