"""Wagtail's own migrations leave a welcome page, a site, two groups and a review that nobody here asked for."""

from typing import Any

from django.db import migrations


def remove_ready_made(apps: Any, schema_editor: Any) -> None:
    """In a database that is just being made, no editor has used any of it. The root of all pages stays."""
    model = apps.get_model
    model("wagtailcore", "Workflow").objects.all().delete()
    model("wagtailcore", "Task").objects.all().delete()
    model("auth", "Group").objects.filter(name__in=["Moderators", "Editors"]).delete()
    model("wagtailcore", "Site").objects.all().delete()
    page = model("wagtailcore", "Page")
    page.objects.filter(depth__gt=1).delete()
    page.objects.filter(depth=1).update(numchild=0)


class Migration(migrations.Migration):
    dependencies = [("content", "0001_pages"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(remove_ready_made, migrations.RunPython.noop)]
