"""The ground that editors stand on: languages, a first page for each line in each, what a group may do, a second look.

Made when it is missing, as often as one likes: with a new line, and when somebody comes in at the editors' door.
"""

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from helpline.accounts.editing import GROUP
from helpline.content.models import HomePage, PosterWords, SecondLook
from helpline.content.posters.choosing import built_in_for
from helpline.lines.bilingual import Language
from helpline.lines.models import Line

LOOK: Final = "A second person looks"
ON_PAGES: Final = ("add_page", "change_page")  # never publish_page: a second person's look publishes, and nothing else
ON_PICTURES: Final = ("add_image", "change_image", "choose_image")  # of Wagtail's own model, whatever ours is called
ON_OTHERS: Final = (
    ("wagtailadmin", "access_admin"),
    ("content", "add_contactnumber"),
    ("content", "change_contactnumber"),
    ("content", "view_contactnumber"),
    ("content", "add_posterwords"),  # the same: never publish_posterwords
    ("content", "change_posterwords"),
    ("content", "view_posterwords"),
    ("wagtailredirects", "add_redirect"),
    ("wagtailredirects", "change_redirect"),
    ("wagtailredirects", "delete_redirect"),
    ("simple_translation", "submit_translation"),
)


@transaction.atomic
def found() -> None:
    """Whatever is missing, and nothing else."""
    lines = list(Line.objects.select_for_update().order_by("pk"))  # two who come in at once
    locales = {each: Locale.objects.get_or_create(language_code=each)[0] for each in Language}
    root = _root(locales[Language.ENGLISH])
    _permit(root)
    _ask_for_a_second_look(root)
    for line in lines:
        _home(root, line, Language.ENGLISH, locales)
        _home(root, line, Language.TE_REO, locales)
        _posters(line)


def _root(locale: Locale) -> Page:
    found = Page.get_first_root_node()
    kind = ContentType.objects.get_for_model(Page)
    return found or Page.add_root(instance=Page(title="Root", slug="root", content_type=kind, locale=locale))


def _permit(root: Page) -> None:
    group, _ = Group.objects.get_or_create(name=GROUP)
    given = Permission.objects.select_related("content_type")
    for codename in ON_PAGES:
        permission = given.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    top = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for codename in ON_PICTURES:
        permission = given.get(content_type__app_label="wagtailimages", codename=codename)
        GroupCollectionPermission.objects.get_or_create(group=group, collection=top, permission=permission)
    group.permissions.set([given.get(content_type__app_label=app, codename=name) for app, name in ON_OTHERS])


def _ask_for_a_second_look(root: Page) -> None:
    workflow, _ = Workflow.objects.get_or_create(name=LOOK)
    look = SecondLook.objects.first() or SecondLook.objects.create(name=LOOK)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=look)
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    posters = ContentType.objects.get_for_model(PosterWords)
    WorkflowContentType.objects.get_or_create(content_type=posters, defaults={"workflow": workflow})


def _home(root: Page, line: Line, language: Language, locales: dict[Language, Locale]) -> None:
    if HomePage.objects.filter(line=line, tongue=language).exists():
        return
    english = HomePage.objects.filter(line=line, tongue=Language.ENGLISH).first()
    home = HomePage(line=line, tongue=language, title=line.name, locale=locales[language])
    home.slug = line.slug if language == Language.ENGLISH else f"{line.slug}-{language}"
    if english:
        home.translation_key = english.translation_key
    root.refresh_from_db()
    root.add_child(instance=home)


def _posters(line: Line) -> None:
    """The built-in words, to be changed: an editor begins with something on the wall."""
    if PosterWords.objects.filter(line=line).exists():
        return
    for place, poster in enumerate(built_in_for(line), start=1):
        english, te_reo = poster.english, poster.te_reo
        PosterWords.objects.create(
            line=line,
            code=poster.code,
            audience=poster.audience,
            order=10 * place,
            heading=english.heading,
            lead=english.lead,
            points="\n".join(english.points),
            heading_mi=te_reo.heading,
            lead_mi=te_reo.lead,
            points_mi="\n".join(te_reo.points),
        )
