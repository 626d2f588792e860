"""Pictures of editors': what a camera wrote is gone, and pages have them, with our headers."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import Settings

from helpline.accounts.models import User
from helpline.content.models import HomePage, InformationPage, Picture

pytestmark = pytest.mark.django_db

DOOR = "helpline.workspace.editing_urls"
WORDS = "Two people walk beside the sea."
MAKER, GPS, TURNED = 0x010F, 0x8825, 0x0112


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def photograph(kind: str = "JPEG") -> bytes:
    """With a maker, a place, a comment, and lying on its side."""
    image = Image.new("RGB", (60, 40), (20, 120, 90))
    exif = image.getexif()
    exif[MAKER], exif[TURNED] = "A camera", 6
    exif.get_ifd(GPS)[1] = "S"
    made = BytesIO()
    image.save(made, kind, exif=exif.tobytes())
    return made.getvalue()


def upload(browser: Client, content: bytes, name: str = "walk.jpg") -> Picture:
    file = SimpleUploadedFile(name, content, "image/jpeg")
    address = reverse("wagtailimages:add", DOOR)
    sent = {"title": "Walk", "file": file, "alternative": WORDS, "alternative_mi": "", "collection": "1"}
    answer = browser.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    return Picture.objects.get()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_camera_wrote_is_not_kept(come_in: Callable[[User], Client], mira: User, kind: str) -> None:
    sent = photograph(kind)
    assert b"A camera" in sent
    picture = upload(come_in(mira), sent, f"walk.{kind.lower()}")
    kept = Path(picture.file.path).read_bytes()
    assert b"A camera" not in kept
    with Image.open(BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert (image.format, image.size) == (kind, (40, 60))  # upright without being told
    assert (picture.width, picture.height, picture.file_size) == (40, 60, len(kept))


# Wagtail leaves what it draws into open until Python finds it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_page_shows_it_and_a_browser_gets_it(
    come_in: Callable[[User], Client], mira: User, publish: Callable[..., InformationPage], client: Client
) -> None:
    picture = upload(come_in(mira), photograph())
    publish("Walking", "walking", body=[("picture", picture)])
    page = client.get("/walking/").content.decode()
    assert f'alt="{WORDS}"' in page
    source = picture.renditions.get(filter_spec="width-720|format-webp").url
    assert f'src="{source}"' in page
    answer = client.get(source)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.cookies == {}
    assert Image.open(BytesIO(answer.content)).format == "WEBP"


def test_the_file_as_it_came_and_others_are_nobodys(
    come_in: Callable[[User], Client], mira: User, home: HomePage, client: Client
) -> None:
    picture = upload(come_in(mira), photograph())
    root = site_settings.MEDIA_URL
    (Path(site_settings.MEDIA_ROOT) / "images").mkdir(exist_ok=True)
    (Path(site_settings.MEDIA_ROOT) / "images" / "page.html").write_text("<p>no</p>")
    for path in (picture.file.url, f"{root}images/page.html", f"{root}images/..%2F{picture.file.name}"):
        assert client.get(path).status_code == 404, path
    assert client.get(f"{root}images/none.webp").status_code == 404
