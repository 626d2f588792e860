import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from helpline.directory import fields


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_services_and_places")]

    operations = [
        migrations.CreateModel(
            name="RequiredDocument",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("document", fields.Text()),
                ("uri", fields.Uri()),
                ("service", fields.Link(related_name="required_documents", to="directory.service")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("is_private", models.BooleanField(default=False)),
                ("number", fields.Text(null=False)),
                ("extension", fields.Number()),
                ("type", fields.Text()),
                ("description", fields.Text()),
                ("contact", fields.Link(related_name="phones", to="directory.contact")),
                ("location", fields.Link(related_name="phones", to="directory.location")),
                ("organization", fields.Link(related_name="phones", to="directory.organization")),
                ("service", fields.Link(related_name="phones", to="directory.service")),
                (
                    "service_at_location",
                    fields.Link(related_name="phones", to="directory.serviceatlocation"),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrganizationIdentifier",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("identifier_scheme", fields.Text()),
                ("identifier_type", fields.Text(null=False)),
                ("identifier", fields.Text(null=False)),
                (
                    "organization",
                    fields.Link(related_name="organization_identifiers", to="directory.organization"),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Metadata",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("resource_id", fields.Identity(blank=True, db_index=True, null=True)),
                ("resource_type", fields.Text()),
                ("last_action_date", fields.Day(null=False)),
                ("last_action_type", fields.Text(null=False)),
                ("field_name", fields.Text(null=False)),
                ("previous_value", fields.Text(null=False)),
                ("replacement_value", fields.Text(null=False)),
                ("updated_by", fields.Text(null=False)),
                ("of_table", models.CharField(blank=True, max_length=40)),
                ("is_private", models.BooleanField(default=False)),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Language",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("name", fields.Text()),
                ("code", fields.Text()),
                ("note", fields.Text()),
                ("location", fields.Link(related_name="languages", to="directory.location")),
                ("phone", fields.Link(related_name="languages", to="directory.phone")),
                ("service", fields.Link(related_name="languages", to="directory.service")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Funding",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("source", fields.Text()),
                ("organization", fields.Link(related_name="funding", to="directory.organization")),
                ("service", fields.Link(related_name="funding", to="directory.service")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CostOption",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("valid_from", fields.Day()),
                ("valid_to", fields.Day()),
                ("option", fields.Text()),
                ("currency", fields.Text()),
                ("amount", fields.Number()),
                ("amount_description", fields.Text()),
                ("service", fields.Link(related_name="cost_options", to="directory.service")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("is_private", models.BooleanField(default=False)),
                ("attention", fields.Text()),
                ("address_1", fields.Text(null=False)),
                ("address_2", fields.Text()),
                ("city", fields.Text(null=False)),
                ("region", fields.Text()),
                ("state_province", fields.Text(null=False)),
                ("postal_code", fields.Text(null=False)),
                ("country", fields.Text(null=False)),
                (
                    "address_type",
                    fields.Choice(
                        choices=[("physical", "physical"), ("postal", "postal"), ("virtual", "virtual")], null=False
                    ),
                ),
                ("location", fields.Link(related_name="addresses", to="directory.location")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Accessibility",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("description", fields.Text()),
                ("details", fields.Text()),
                ("url", fields.Uri()),
                ("location", fields.Link(related_name="accessibility", to="directory.location")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Taxonomy",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("name", fields.Text(null=False)),
                ("description", fields.Text(null=False)),
                ("uri", fields.Uri()),
                ("version", fields.Text()),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaxonomyTerm",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("code", fields.Text()),
                ("name", fields.Text(null=False)),
                ("description", fields.Text(null=False)),
                ("taxonomy", fields.Text()),
                ("language", fields.Text()),
                ("term_uri", fields.Uri()),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
                ("parent", fields.Link(related_name="+", to="directory.taxonomyterm")),
                (
                    "taxonomy_detail",
                    fields.Link(named="taxonomy_id", related_name="+", to="directory.taxonomy"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attribute",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("link_id", fields.Identity(blank=True, db_index=True, null=True)),
                ("link_type", fields.Text()),
                ("link_entity", fields.Text()),
                ("value", fields.Text()),
                ("label", fields.Text()),
                ("of_table", models.CharField(blank=True, max_length=40)),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
                ("taxonomy_term", fields.Link(related_name="+", to="directory.taxonomyterm")),
            ],
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=40)),
                ("row_id", models.UUIDField()),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("table", "row_id"), name="directory_one_tombstone")],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("name", fields.Text(null=False)),
                ("scheme", fields.Text()),
                ("identifier", fields.Text()),
                ("uri", fields.Uri()),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceCapacity",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("available", fields.Number(null=False)),
                ("maximum", fields.Number()),
                ("description", fields.Text()),
                ("updated", fields.Moment(null=False)),
                ("service", fields.Link(related_name="capacities", to="directory.service")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
                ("unit", fields.Link(null=False, related_name="+", to="directory.unit")),
            ],
        ),
        migrations.CreateModel(
            name="Url",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("label", fields.Text()),
                ("url", fields.Uri(null=False)),
                (
                    "organization",
                    fields.Link(related_name="additional_websites", to="directory.organization"),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                    ),
                ),
                ("service", fields.Link(related_name="additional_urls", to="directory.service")),
            ],
        ),
    ]
