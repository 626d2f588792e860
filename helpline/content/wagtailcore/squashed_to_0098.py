"""The tables of Wagtail's core as its migrations to 0098 leave them, made by `makemigrations`."""

import django.core.serializers.json
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import uuid
import wagtail.models.content_types
import wagtail.models.preview
import wagtail.models.specific
from django.conf import settings
from django.db import migrations, models


def make_first_collection(apps, schema_editor):
    """Migrations of pictures count on it; pages, languages and permissions are made by `content.founding`."""
    apps.get_model("wagtailcore", "Collection").objects.create(name="Root", path="0001", depth=1, numchild=0)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("wagtailcore", "0001_initial"),
        ("wagtailcore", "0001_squashed_0016_change_page_url_path_to_text_field"),
        ("wagtailcore", "0002_initial_data"),
        ("wagtailcore", "0003_add_uniqueness_constraint_on_group_page_permission"),
        ("wagtailcore", "0004_page_locked"),
        ("wagtailcore", "0005_add_page_lock_permission_to_moderators"),
        ("wagtailcore", "0006_add_lock_page_permission"),
        ("wagtailcore", "0007_page_latest_revision_created_at"),
        ("wagtailcore", "0008_populate_latest_revision_created_at"),
        ("wagtailcore", "0009_remove_auto_now_add_from_pagerevision_created_at"),
        ("wagtailcore", "0010_change_page_owner_to_null_on_delete"),
        ("wagtailcore", "0011_page_first_published_at"),
        ("wagtailcore", "0012_extend_page_slug_field"),
        ("wagtailcore", "0013_update_golive_expire_help_text"),
        ("wagtailcore", "0014_add_verbose_name"),
        ("wagtailcore", "0015_add_more_verbose_names"),
        ("wagtailcore", "0016_change_page_url_path_to_text_field"),
        ("wagtailcore", "0017_change_edit_page_permission_description"),
        ("wagtailcore", "0018_pagerevision_submitted_for_moderation_index"),
        ("wagtailcore", "0019_verbose_names_cleanup"),
        ("wagtailcore", "0020_add_index_on_page_first_published_at"),
        ("wagtailcore", "0021_capitalizeverbose"),
        ("wagtailcore", "0022_add_site_name"),
        ("wagtailcore", "0023_alter_page_revision_on_delete_behaviour"),
        ("wagtailcore", "0024_alter_page_content_type_on_delete_behaviour"),
        ("wagtailcore", "0024_collection"),
        ("wagtailcore", "0025_collection_initial_data"),
        ("wagtailcore", "0026_group_collection_permission"),
        ("wagtailcore", "0027_fix_collection_path_collation"),
        ("wagtailcore", "0028_merge"),
        ("wagtailcore", "0029_unicode_slugfield_dj19"),
        ("wagtailcore", "0030_index_on_pagerevision_created_at"),
        ("wagtailcore", "0031_add_page_view_restriction_types"),
        ("wagtailcore", "0032_add_bulk_delete_page_permission"),
        ("wagtailcore", "0033_remove_golive_expiry_help_text"),
        ("wagtailcore", "0034_page_live_revision"),
        ("wagtailcore", "0035_page_last_published_at"),
        ("wagtailcore", "0036_populate_page_last_published_at"),
        ("wagtailcore", "0037_set_page_owner_editable"),
        ("wagtailcore", "0038_make_first_published_at_editable"),
        ("wagtailcore", "0039_collectionviewrestriction"),
        ("wagtailcore", "0040_page_draft_title"),
        ("wagtailcore", "0041_group_collection_permissions_verbose_name_plural"),
        ("wagtailcore", "0042_index_on_pagerevision_approved_go_live_at"),
        ("wagtailcore", "0043_lock_fields"),
        ("wagtailcore", "0044_add_unlock_grouppagepermission"),
        ("wagtailcore", "0045_assign_unlock_grouppagepermission"),
        ("wagtailcore", "0046_site_name_remove_null"),
        ("wagtailcore", "0047_add_workflow_models"),
        ("wagtailcore", "0048_add_default_workflows"),
        ("wagtailcore", "0049_taskstate_finished_by"),
        ("wagtailcore", "0050_workflow_rejected_to_needs_changes"),
        ("wagtailcore", "0051_taskstate_comment"),
        ("wagtailcore", "0052_pagelogentry"),
        ("wagtailcore", "0053_locale_model"),
        ("wagtailcore", "0054_initial_locale"),
        ("wagtailcore", "0055_page_locale_fields"),
        ("wagtailcore", "0056_page_locale_fields_populate"),
        ("wagtailcore", "0057_page_locale_fields_notnull"),
        ("wagtailcore", "0058_page_alias_of"),
        ("wagtailcore", "0059_apply_collection_ordering"),
        ("wagtailcore", "0060_fix_workflow_unique_constraint"),
        ("wagtailcore", "0061_change_promote_tab_helpt_text_and_verbose_names"),
        ("wagtailcore", "0062_comment_models_and_pagesubscription"),
        ("wagtailcore", "0063_modellogentry"),
        ("wagtailcore", "0064_log_timestamp_indexes"),
        ("wagtailcore", "0065_log_entry_uuid"),
        ("wagtailcore", "0066_collection_management_permissions"),
        ("wagtailcore", "0067_alter_pagerevision_content_json"),
        ("wagtailcore", "0068_log_entry_empty_object"),
        ("wagtailcore", "0069_log_entry_jsonfield"),
        ("wagtailcore", "0070_rename_pagerevision_revision"),
        ("wagtailcore", "0071_populate_revision_content_type"),
        ("wagtailcore", "0072_alter_revision_content_type_notnull"),
        ("wagtailcore", "0073_page_latest_revision"),
        ("wagtailcore", "0074_revision_object_str"),
        ("wagtailcore", "0075_populate_latest_revision_and_revision_object_str"),
        ("wagtailcore", "0076_modellogentry_revision"),
        ("wagtailcore", "0077_alter_revision_user"),
        ("wagtailcore", "0078_referenceindex"),
        ("wagtailcore", "0079_rename_taskstate_page_revision"),
        ("wagtailcore", "0080_generic_workflowstate"),
        ("wagtailcore", "0081_populate_workflowstate_content_type"),
        ("wagtailcore", "0082_alter_workflowstate_content_type_notnull"),
        ("wagtailcore", "0083_workflowcontenttype"),
        ("wagtailcore", "0084_add_default_page_permissions"),
        ("wagtailcore", "0085_add_grouppagepermission_permission"),
        ("wagtailcore", "0086_populate_grouppagepermission_permission"),
        ("wagtailcore", "0087_alter_grouppagepermission_unique_together_and_more"),
        ("wagtailcore", "0088_fix_log_entry_json_timestamps"),
        ("wagtailcore", "0089_log_entry_data_json_null_to_object"),
        ("wagtailcore", "0090_remove_grouppagepermission_permission_type"),
        ("wagtailcore", "0091_remove_revision_submitted_for_moderation"),
        ("wagtailcore", "0092_alter_collectionviewrestriction_password_and_more"),
        ("wagtailcore", "0093_uploadedfile"),
        ("wagtailcore", "0094_alter_page_locale"),
        ("wagtailcore", "0095_groupsitepermission"),
        ("wagtailcore", "0096_referenceindex_referenceindex_source_object_and_more"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailcore", "0098_apitoken"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
                ),
                ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")),
                ("expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")),
                ("expired", models.BooleanField(default=False, editable=False, verbose_name="expired")),
                ("locked", models.BooleanField(default=False, editable=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked at")),
                (
                    "title",
                    models.CharField(
                        help_text="The page title as you'd like it to be seen by the public",
                        max_length=255,
                        verbose_name="title",
                    ),
                ),
                ("draft_title", models.CharField(editable=False, max_length=255)),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True,
                        help_text="The name of the page as it will appear in URLs e.g http://domain.com/blog/[my-slug]/",
                        max_length=255,
                        verbose_name="slug",
                    ),
                ),
                ("url_path", models.TextField(blank=True, editable=False, verbose_name="URL path")),
                (
                    "latest_revision_created_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="latest revision created at"),
                ),
                (
                    "show_in_menus",
                    models.BooleanField(
                        default=False,
                        help_text="Whether a link to this page will appear in automatically generated menus",
                        verbose_name="show in menus",
                    ),
                ),
                (
                    "seo_title",
                    models.CharField(
                        blank=True,
                        help_text="The name of the page displayed on search engine results as the clickable headline.",
                        max_length=255,
                        verbose_name="title tag",
                    ),
                ),
                (
                    "search_description",
                    models.TextField(
                        blank=True,
                        help_text="The descriptive text displayed underneath a headline in search engine results.",
                        verbose_name="meta description",
                    ),
                ),
                (
                    "alias_of",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="aliases",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=models.SET(wagtail.models.content_types.get_default_page_content_type),
                        related_name="pages",
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="owned_pages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "permissions": [
                    ("bulk_delete_page", "Delete pages with children"),
                    ("lock_page", "Lock/unlock pages you've locked"),
                    ("publish_page", "Publish any page"),
                    ("unlock_page", "Unlock any page"),
                ],
                "swappable": "WAGTAIL_PAGE_MODEL",
            },
            bases=(
                wagtail.models.preview.PreviewableMixin,
                wagtail.models.specific.SpecificMixin,
                modelsearch.index.Indexed,
                models.Model,
            ),
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=255, verbose_name="name")),
            ],
            options={
                "verbose_name": "collection",
                "verbose_name_plural": "collections",
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                (
                    "active",
                    models.BooleanField(
                        default=True,
                        help_text="Active tasks can be added to workflows. Deactivating a task does not remove it from existing workflows.",
                        verbose_name="active",
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wagtail_tasks",
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
            },
            bases=(wagtail.models.specific.SpecificMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Locale",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language_code", models.CharField(max_length=100, unique=True)),
            ],
            options={
                "ordering": ["language_code"],
            },
        ),
        migrations.CreateModel(
            name="Workflow",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                (
                    "active",
                    models.BooleanField(
                        default=True,
                        help_text="Active workflows can be added to pages/snippets. Deactivating a workflow does not remove it from existing pages/snippets.",
                        verbose_name="active",
                    ),
                ),
            ],
            options={
                "verbose_name": "workflow",
                "verbose_name_plural": "workflows",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="APIToken",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="A human-readable label to identify this token.", max_length=255, verbose_name="name"
                    ),
                ),
                ("key_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("prefix", models.CharField(editable=False, max_length=16)),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
            },
        ),
        migrations.CreateModel(
            name="CollectionViewRestriction",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "restriction_type",
                    models.CharField(
                        choices=[
                            ("none", "Public"),
                            ("password", "Private, accessible with a shared password"),
                            ("login", "Private, accessible to any logged-in users"),
                            ("groups", "Private, accessible to users in specific groups"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "password",
                    models.CharField(
                        blank=True,
                        help_text="Shared passwords should not be used to protect sensitive content. Anyone who has this password will be able to view the content.",
                        max_length=255,
                        verbose_name="shared password",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="view_restrictions",
                        to="wagtailcore.collection",
                        verbose_name="collection",
                    ),
                ),
                ("groups", models.ManyToManyField(blank=True, to="auth.group", verbose_name="groups")),
            ],
            options={
                "verbose_name": "collection view restriction",
                "verbose_name_plural": "collection view restrictions",
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("contentpath", models.TextField()),
                ("position", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wagtail_admin_comments",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comments_resolved",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wagtail_admin_comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
            },
        ),
        migrations.CreateModel(
            name="CommentReply",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "comment",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="wagtailcore.comment"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_replies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "comment reply",
                "verbose_name_plural": "comment replies",
            },
        ),
        migrations.AddField(
            model_name="page",
            name="locale",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.locale",
                verbose_name="locale",
            ),
        ),
        migrations.CreateModel(
            name="PageViewRestriction",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "restriction_type",
                    models.CharField(
                        choices=[
                            ("none", "Public"),
                            ("password", "Private, accessible with a shared password"),
                            ("login", "Private, accessible to any logged-in users"),
                            ("groups", "Private, accessible to users in specific groups"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "password",
                    models.CharField(
                        blank=True,
                        help_text="Shared passwords should not be used to protect sensitive content. Anyone who has this password will be able to view the content.",
                        max_length=255,
                        verbose_name="shared password",
                    ),
                ),
                ("groups", models.ManyToManyField(blank=True, to="auth.group", verbose_name="groups")),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="view_restrictions",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="page",
                    ),
                ),
            ],
            options={
                "verbose_name": "page view restriction",
                "verbose_name_plural": "page view restrictions",
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.CharField(max_length=255, verbose_name="object id")),
                ("created_at", models.DateTimeField(db_index=True, verbose_name="created at")),
                ("object_str", models.TextField(default="")),
                (
                    "content",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="content JSON"
                    ),
                ),
                (
                    "approved_go_live_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="approved go live at"),
                ),
                (
                    "base_content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wagtail_revisions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
            },
        ),
        migrations.CreateModel(
            name="PageLogEntry",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.TextField()),
                ("action", models.CharField(blank=True, db_index=True, max_length=255)),
                (
                    "data",
                    models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("timestamp", models.DateTimeField(db_index=True, verbose_name="timestamp (UTC)")),
                (
                    "uuid",
                    models.UUIDField(
                        blank=True,
                        editable=False,
                        help_text="Log entries that happened as part of the same user action are assigned the same UUID",
                        null=True,
                    ),
                ),
                ("content_changed", models.BooleanField(db_index=True, default=False)),
                ("deleted", models.BooleanField(default=False)),
                (
                    "content_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "page log entry",
                "verbose_name_plural": "page log entries",
                "ordering": ["-timestamp", "-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ModelLogEntry",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.TextField()),
                ("action", models.CharField(blank=True, db_index=True, max_length=255)),
                (
                    "data",
                    models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("timestamp", models.DateTimeField(db_index=True, verbose_name="timestamp (UTC)")),
                (
                    "uuid",
                    models.UUIDField(
                        blank=True,
                        editable=False,
                        help_text="Log entries that happened as part of the same user action are assigned the same UUID",
                        null=True,
                    ),
                ),
                ("content_changed", models.BooleanField(db_index=True, default=False)),
                ("deleted", models.BooleanField(default=False)),
                ("object_id", models.CharField(db_index=True, max_length=255)),
                (
                    "content_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "model log entry",
                "verbose_name_plural": "model log entries",
                "ordering": ["-timestamp", "-id"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="revision_created",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="created_comments",
                to="wagtailcore.revision",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="latest_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="latest revision",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="live_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="live revision",
            ),
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hostname", models.CharField(db_index=True, max_length=255, verbose_name="hostname")),
                (
                    "port",
                    models.IntegerField(
                        default=80,
                        help_text="Set this to something other than 80 if you need a specific port number to appear in URLs (e.g. development on port 8000). Does not affect request handling (so port forwarding still works).",
                        verbose_name="port",
                    ),
                ),
                (
                    "site_name",
                    models.CharField(
                        blank=True,
                        help_text="Human-readable name for the site.",
                        max_length=255,
                        verbose_name="site name",
                    ),
                ),
                (
                    "is_default_site",
                    models.BooleanField(
                        default=False,
                        help_text="If true, this site will handle requests for all other hostnames that do not have a site entry of their own",
                        verbose_name="is default site",
                    ),
                ),
                (
                    "root_page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sites_rooted_here",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="root page",
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
            },
        ),
        migrations.CreateModel(
            name="GroupSitePermission",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="site_permissions",
                        to="auth.group",
                        verbose_name="group",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission", verbose_name="permission"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_permissions",
                        to="wagtailcore.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "group site permission",
                "verbose_name_plural": "group site permissions",
            },
        ),
        migrations.CreateModel(
            name="TaskState",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in_progress", "In progress"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("skipped", "Skipped"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="in_progress",
                        max_length=50,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                ("comment", models.TextField(blank=True)),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wagtail_task_states",
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
                (
                    "finished_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="finished_task_states",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="finished by",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="task_states",
                        to="wagtailcore.revision",
                        verbose_name="revision",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="task_states",
                        to="wagtailcore.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "Task state",
                "verbose_name_plural": "Task states",
            },
            bases=(wagtail.models.specific.SpecificMixin, models.Model),
        ),
        migrations.CreateModel(
            name="UploadedFile",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to="wagtail_uploads")),
                (
                    "for_content_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="contenttypes.contenttype",
                        verbose_name="for content type",
                    ),
                ),
                (
                    "uploaded_by_user",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by user",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkflowContentType",
            fields=[
                (
                    "content_type",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wagtail_workflow_content_type",
                        serialize=False,
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workflow_content_types",
                        to="wagtailcore.workflow",
                        verbose_name="workflow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkflowState",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.CharField(max_length=255, verbose_name="object id")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in_progress", "In progress"),
                            ("approved", "Approved"),
                            ("needs_changes", "Needs changes"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="in_progress",
                        max_length=50,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                (
                    "base_content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "current_task_state",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="wagtailcore.taskstate",
                        verbose_name="current task state",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="requested_workflows",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workflow_states",
                        to="wagtailcore.workflow",
                        verbose_name="workflow",
                    ),
                ),
            ],
            options={
                "verbose_name": "Workflow state",
                "verbose_name_plural": "Workflow states",
            },
        ),
        migrations.AddField(
            model_name="taskstate",
            name="workflow_state",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="task_states",
                to="wagtailcore.workflowstate",
                verbose_name="workflow state",
            ),
        ),
        migrations.CreateModel(
            name="WorkflowTask",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "task",
                    models.ForeignKey(
                        limit_choices_to={"active": True},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workflow_tasks",
                        to="wagtailcore.task",
                        verbose_name="task",
                    ),
                ),
                (
                    "workflow",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workflow_tasks",
                        to="wagtailcore.workflow",
                        verbose_name="workflow_tasks",
                    ),
                ),
            ],
            options={
                "verbose_name": "workflow task order",
                "verbose_name_plural": "workflow task orders",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorkflowPage",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="page",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workflow_pages",
                        to="wagtailcore.workflow",
                        verbose_name="workflow",
                    ),
                ),
            ],
            options={
                "verbose_name": "workflow page",
                "verbose_name_plural": "workflow pages",
            },
        ),
        migrations.CreateModel(
            name="GroupApprovalTask",
            fields=[
                (
                    "task_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.task",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        help_text="Pages/snippets at this step in a workflow will be moderated or approved by these groups of users",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
            ],
            options={
                "verbose_name": "Group approval task",
                "verbose_name_plural": "Group approval tasks",
                "abstract": False,
            },
            bases=("wagtailcore.task",),
        ),
        migrations.CreateModel(
            name="GroupCollectionPermission",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_permissions",
                        to="wagtailcore.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="collection_permissions",
                        to="auth.group",
                        verbose_name="group",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission", verbose_name="permission"
                    ),
                ),
            ],
            options={
                "verbose_name": "group collection permission",
                "verbose_name_plural": "group collection permissions",
                "unique_together": {("group", "collection", "permission")},
            },
        ),
        migrations.CreateModel(
            name="GroupPagePermission",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="page_permissions",
                        to="auth.group",
                        verbose_name="group",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_permissions",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="page",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission", verbose_name="permission"
                    ),
                ),
            ],
            options={
                "verbose_name": "group page permission",
                "verbose_name_plural": "group page permissions",
                "constraints": [
                    models.UniqueConstraint(fields=("group", "page", "permission"), name="unique_permission")
                ],
            },
        ),
        migrations.CreateModel(
            name="PageSubscription",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("comment_notifications", models.BooleanField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscribers",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="page_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "unique_together": {("page", "user")},
            },
        ),
        migrations.CreateModel(
            name="ReferenceIndex",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.CharField(max_length=255, verbose_name="object id")),
                ("to_object_id", models.CharField(max_length=255, verbose_name="object id")),
                ("model_path", models.TextField()),
                ("content_path", models.TextField()),
                ("content_path_hash", models.UUIDField()),
                (
                    "base_content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                (
                    "to_content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["base_content_type", "object_id"], name="referenceindex_source_object"),
                    models.Index(fields=["to_content_type", "to_object_id"], name="referenceindex_target_object"),
                ],
                "unique_together": {
                    ("base_content_type", "object_id", "to_content_type", "to_object_id", "content_path_hash")
                },
            },
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["content_type", "object_id"], name="content_object_idx"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["base_content_type", "object_id"], name="base_content_object_idx"),
        ),
        migrations.AddIndex(
            model_name="pagelogentry",
            index=models.Index(fields=["uuid", "action", "-timestamp"], name="wagtailcore_uuid_06a44d_idx"),
        ),
        migrations.AddIndex(
            model_name="modellogentry",
            index=models.Index(fields=["uuid", "action", "-timestamp"], name="wagtailcore_uuid_d6363b_idx"),
        ),
        migrations.AlterUniqueTogether(
            name="page",
            unique_together={("translation_key", "locale")},
        ),
        migrations.AlterUniqueTogether(
            name="site",
            unique_together={("hostname", "port")},
        ),
        migrations.AlterUniqueTogether(
            name="groupsitepermission",
            unique_together={("group", "site", "permission")},
        ),
        migrations.AddIndex(
            model_name="workflowstate",
            index=models.Index(fields=["content_type", "object_id"], name="workflowstate_ct_id_idx"),
        ),
        migrations.AddIndex(
            model_name="workflowstate",
            index=models.Index(fields=["base_content_type", "object_id"], name="workflowstate_base_ct_id_idx"),
        ),
        migrations.AddConstraint(
            model_name="workflowstate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("in_progress", "needs_changes"))),
                fields=("base_content_type", "object_id"),
                name="unique_in_progress_workflow",
            ),
        ),
        migrations.AlterUniqueTogether(
            name="workflowtask",
            unique_together={("workflow", "task")},
        ),
        migrations.RunPython(make_first_collection, migrations.RunPython.noop),
    ]
