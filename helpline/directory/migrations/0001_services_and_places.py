import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from helpline.directory import fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("url", models.URLField(blank=True)),
                ("read_at", models.DateTimeField(blank=True, help_text="When it was imported last.", null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("name", fields.Text(null=False)),
                ("alternate_name", fields.Text()),
                ("description", fields.Text(null=False)),
                ("email", fields.Email()),
                ("website", fields.Uri()),
                ("tax_status", fields.Text()),
                ("tax_id", fields.Text()),
                ("year_incorporated", fields.Number()),
                ("legal_status", fields.Text()),
                ("logo", fields.Text()),
                ("uri", fields.Uri()),
                ("parent_organization", fields.Link(related_name="+", to="directory.organization")),
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
            name="Location",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("is_private", models.BooleanField(default=False)),
                (
                    "location_type",
                    fields.Choice(
                        choices=[("physical", "physical"), ("postal", "postal"), ("virtual", "virtual")], null=False
                    ),
                ),
                ("url", fields.Uri()),
                ("name", fields.Text()),
                ("alternate_name", fields.Text()),
                ("description", fields.Text()),
                ("transportation", fields.Text()),
                ("latitude", fields.Number()),
                ("longitude", fields.Number()),
                ("external_identifier", fields.Text()),
                ("external_identifier_type", fields.Text()),
                ("organization", fields.Link(related_name="locations", to="directory.organization")),
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
            name="Program",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("name", fields.Text(null=False)),
                ("alternate_name", fields.Text()),
                ("description", fields.Text(null=False)),
                ("organization", fields.Link(related_name="programs", to="directory.organization")),
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
            name="Service",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("name", fields.Text(null=False)),
                ("alternate_name", fields.Text()),
                ("description", fields.Text()),
                ("url", fields.Uri()),
                ("email", fields.Email()),
                (
                    "status",
                    fields.Choice(
                        choices=[
                            ("active", "active"),
                            ("inactive", "inactive"),
                            ("defunct", "defunct"),
                            ("temporarily closed", "temporarily closed"),
                        ],
                        null=False,
                    ),
                ),
                ("interpretation_services", fields.Text()),
                ("application_process", fields.Text()),
                ("fees_description", fields.Text()),
                ("wait_time", fields.Text()),
                ("fees", fields.Text()),
                ("accreditations", fields.Text()),
                ("eligibility_description", fields.Text()),
                ("minimum_age", fields.Number()),
                ("maximum_age", fields.Number()),
                ("assured_date", fields.Day()),
                ("assurer_email", fields.Email()),
                ("licenses", fields.Text()),
                ("alert", fields.Text()),
                ("last_modified", fields.Moment()),
                (
                    "last_verified_on",
                    models.DateField(blank=True, help_text="When somebody last made sure.", null=True),
                ),
                ("organization", fields.Link(related_name="services", to="directory.organization")),
                ("program", fields.Link(related_name="+", to="directory.program")),
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
            name="Avoided",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.TextField()),
                ("since", models.DateTimeField(auto_now_add=True)),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="avoided", to="directory.service"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceAtLocation",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("description", fields.Text()),
                ("location", fields.Link(related_name="+", to="directory.location")),
                (
                    "service",
                    fields.Link(related_name="service_at_locations", to="directory.service"),
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
            name="Contact",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("is_private", models.BooleanField(default=False)),
                ("name", fields.Text()),
                ("title", fields.Text()),
                ("department", fields.Text()),
                ("email", fields.Email()),
                ("location", fields.Link(related_name="contacts", to="directory.location")),
                ("organization", fields.Link(related_name="contacts", to="directory.organization")),
                ("service", fields.Link(related_name="contacts", to="directory.service")),
                (
                    "service_at_location",
                    fields.Link(related_name="contacts", to="directory.serviceatlocation"),
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
            name="ServiceArea",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("name", fields.Text()),
                ("description", fields.Text()),
                ("extent", fields.Text()),
                ("extent_type", fields.Text()),
                ("uri", fields.Text()),
                ("service", fields.Link(related_name="service_areas", to="directory.service")),
                (
                    "service_at_location",
                    fields.Link(related_name="service_areas", to="directory.serviceatlocation"),
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
            name="Schedule",
            fields=[
                ("id", fields.Identity(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("valid_from", fields.Day()),
                ("valid_to", fields.Day()),
                ("dtstart", fields.Day()),
                ("timezone", fields.Number()),
                ("until", fields.Day()),
                ("count", fields.Number()),
                (
                    "wkst",
                    fields.Choice(
                        choices=[
                            ("MO", "MO"),
                            ("TU", "TU"),
                            ("WE", "WE"),
                            ("TH", "TH"),
                            ("FR", "FR"),
                            ("SA", "SA"),
                            ("SU", "SU"),
                        ]
                    ),
                ),
                ("freq", fields.Choice(choices=[("WEEKLY", "WEEKLY"), ("MONTHLY", "MONTHLY")])),
                ("interval", fields.Number()),
                ("byday", fields.Text()),
                ("byweekno", fields.Text()),
                ("bymonthday", fields.Text()),
                ("byyearday", fields.Text()),
                ("description", fields.Text()),
                ("opens_at", fields.Clock()),
                ("closes_at", fields.Clock()),
                ("schedule_link", fields.Uri()),
                ("attending_type", fields.Text()),
                ("notes", fields.Text()),
                ("location", fields.Link(related_name="schedules", to="directory.location")),
                ("service", fields.Link(related_name="schedules", to="directory.service")),
                (
                    "service_at_location",
                    fields.Link(related_name="schedules", to="directory.serviceatlocation"),
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
    ]
