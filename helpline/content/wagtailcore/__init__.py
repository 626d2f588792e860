"""Wagtail's own migrations of its core, and one more that stands for the first 84 of them (`squashed_to_0098.py`).

A new database is made with that one, in half the time of all; whatever Wagtail adds later follows by itself, since its
folder is part of this package. Django's own way of squashing, from outside: `MIGRATION_MODULES` names this package.
"""

from importlib import import_module

from wagtail import migrations

__path__ = [*__path__, *migrations.__path__]

# Wagtail squashed the first sixteen itself, and Django 5.2 cannot squash what is squashed: here it is one like others.
import_module(f"{__name__}.0001_squashed_0016_change_page_url_path_to_text_field").Migration.replaces = []
