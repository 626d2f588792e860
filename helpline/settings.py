"""Settings, read from the environment; `docs/running.md` documents every one."""

import os
from pathlib import Path

import dj_database_url

ROOT = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "yes" if default else "no").lower() in {"1", "yes", "true", "on"}


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _secret(name: str, credential: str, default: str) -> str:
    """From the environment, or out of the service manager's credentials, which keep it sealed on the disk."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    kept = Path(folder) / credential if folder else None
    return os.environ.get(name) or (kept.read_text().strip() if kept and kept.is_file() else default)


# Until an operator turns it off on purpose, every public page says that nobody is watching.
DEMONSTRATION = _flag("HELPLINE_DEMONSTRATION", True)
DEBUG = False  # never: a debug page would show locals, and with them words
SECRET_KEY = _secret("HELPLINE_SECRET_KEY", "secret-key", "demonstration-only" if DEMONSTRATION else "")

# The front doors are different hosts, so that they never share a cookie.
# A browser takes every name below "localhost" for this machine: one for each line of the demonstration.
_DEMONSTRATION_HOSTS = "localhost,1737.localhost,healthline.localhost,quitline.localhost"
PUBLIC_HOSTS = _list("HELPLINE_PUBLIC_HOSTS", _DEMONSTRATION_HOSTS if DEMONSTRATION else "localhost")
# The same pages under a name that tells nothing: every title is alike there (docs/running.md).
NEUTRAL_HOSTS = _list("HELPLINE_NEUTRAL_HOSTS", "notes.localhost" if DEMONSTRATION else "")
WORKSPACE_HOSTS = _list("HELPLINE_WORKSPACE_HOSTS", "127.0.0.1,desk.localhost" if DEMONSTRATION else "127.0.0.1")
# The door of the services in the directory, who keep their own entries; without a name there is none.
PORTAL_HOSTS = _list("HELPLINE_PORTAL_HOSTS", "services.localhost" if DEMONSTRATION else "")
# The door of those who edit the public pages: another host than the desk's, since Wagtail's own scripts run there.
EDITING_HOSTS = _list("HELPLINE_EDITING_HOSTS", "editing.localhost" if DEMONSTRATION else "")
# Where carriers of texts tell us by HTTP what has come (channels/sms/webhooks); without a name there is no such door.
CARRIER_HOSTS = _list("HELPLINE_CARRIER_HOSTS", "carriers.localhost" if DEMONSTRATION else "")
# The phone and the mailbox of `make demo` (operations/phone). No setting gives a live service such a door, and without
# the demonstration's own process there is nothing behind it.
PHONE_HOSTS = ["phone.localhost"] if DEMONSTRATION else []
_STAFF_HOSTS = [*WORKSPACE_HOSTS, *EDITING_HOSTS]
ALLOWED_HOSTS = [*PUBLIC_HOSTS, *NEUTRAL_HOSTS, *_STAFF_HOSTS, *PORTAL_HOSTS, *CARRIER_HOSTS, *PHONE_HOSTS]
BEHIND_TLS = _flag("HELPLINE_BEHIND_TLS", not DEMONSTRATION)
# Which header of the proxy names who asks, for counting (web/limiter.py) and for the staff door (web/door.py);
# and where the proxy is: what anybody else says in such a header is not believed.
ADDRESS_HEADER = os.environ.get("HELPLINE_ADDRESS_HEADER", "")
PROXY_NETWORKS = _list("HELPLINE_PROXY_NETWORKS", "127.0.0.0/8,::1/128")
# From where the staff door opens (nothing: from everywhere), and which header says that a certificate was shown.
WORKSPACE_NETWORKS = _list("HELPLINE_WORKSPACE_NETWORKS", "")
CERTIFICATE_HEADER = os.environ.get("HELPLINE_CERTIFICATE_HEADER", "")
# When more chats than this begin within a minute, all networks together, devices are asked for a proof of work.
PROOF_FROM = int(os.environ.get("HELPLINE_PROOF_FROM", "60"))
# How long a public page that is the same for everybody is answered from memory (web/shared.py); 0: never.
PAGES_SECONDS = float(os.environ.get("HELPLINE_PAGES_SECONDS", "2"))
# Where quick exit goes: somewhere ordinary, and not ours.
QUICK_EXIT_URL = os.environ.get("HELPLINE_QUICK_EXIT_URL", "https://www.google.co.nz/search?q=weather")
# What pages that say "something went wrong" show until the database has answered for the first time.
FALLBACK_PHONE = os.environ.get("HELPLINE_FALLBACK_PHONE", "")
FALLBACK_TEXT_NUMBER = os.environ.get("HELPLINE_FALLBACK_TEXT_NUMBER", "")
# Whom to tell of a fault in our security: mailto:… or https://… (security.txt); without, there is no such file.
SECURITY_CONTACTS = _list("HELPLINE_SECURITY_CONTACTS", "")
# Whose pages may show ours in a frame (public/shield.py): host names, *.example.org, or with a port.
EMBED_HOSTS = _list("HELPLINE_EMBED_HOSTS", "")
# Where keys are that must never be in the database (vault/keystore.py): a folder, or another place's class.
KEYS_DIR = os.environ.get("HELPLINE_KEYS", str(ROOT / "var" / "keys") if DEMONSTRATION else "")
KEYSTORE = os.environ.get("HELPLINE_KEYSTORE", "helpline.vault.keystore.configured_folder")
# Where the heads of the audit's chain go (operations/heads.py): files, mailto:… or https://…
AUDIT_HEADS = _list("HELPLINE_AUDIT_HEADS", "")
# The mail server that takes what the system itself sends, and in whose name.
SMTP_HOST, _, _smtp_port = os.environ.get("HELPLINE_SMTP", "localhost:25").rpartition(":")
SMTP_PORT = int(_smtp_port)
MAIL_FROM = os.environ.get("HELPLINE_MAIL_FROM", "")
# Instead of being sent, mails become files of this folder: a demonstration sends nothing to anybody.
MAIL_FOLDER = os.environ.get("HELPLINE_MAIL_FOLDER", str(ROOT / "var" / "mail") if DEMONSTRATION else "")
# Where mails of updates that cannot be delivered come back to: updates@bounces.example.org, and +… for each reader.
BOUNCES = os.environ.get("HELPLINE_BOUNCES", "")
# Over how many connections to the mail server updates go, and how many a second on each; 0: as fast as they are taken.
UPDATES_CONNECTIONS = int(os.environ.get("HELPLINE_UPDATES_CONNECTIONS", "2"))
UPDATES_PER_SECOND = float(os.environ.get("HELPLINE_UPDATES_PER_SECOND", "50"))
# Where closed months are (publishing/parquet.py): a file each, in codes, for the service alone.
FIGURES_DIR = os.environ.get("HELPLINE_FIGURES", str(ROOT / "var" / "figures") if DEMONSTRATION else "")
# Where drawn posters are kept (content/posters/keeping.py); without a folder each is drawn when it is asked for.
POSTERS_DIR = os.environ.get("HELPLINE_POSTERS", str(ROOT / "var" / "posters") if DEMONSTRATION else "")
# Where pictures of the public pages are, which editors upload.
PICTURES_DIR = os.environ.get("HELPLINE_PICTURES", str(ROOT / "var" / "pictures") if DEMONSTRATION else "")
# How long words are kept after the end of a conversation.
RETENTION_DAYS = int(os.environ.get("HELPLINE_RETENTION_DAYS", "30"))
RETURN_CODE_DAYS = int(os.environ.get("HELPLINE_RETURN_CODE_DAYS", "30"))
# A desk that nobody touches for so long forgets its keys; its conversations go on.
LOCK_MINUTES = int(os.environ.get("HELPLINE_LOCK_MINUTES", "10"))
# Beyond these the board marks somebody; nobody is stopped by them (docs/supervision.md).
SHIFT_HOURS = int(os.environ.get("HELPLINE_SHIFT_HOURS", "8"))
BREAK_AFTER_MINUTES = int(os.environ.get("HELPLINE_BREAK_AFTER_MINUTES", "120"))
HEAVY_PER_SHIFT = int(os.environ.get("HELPLINE_HEAVY_PER_SHIFT", "3"))
ABUSIVE_PER_SHIFT = int(os.environ.get("HELPLINE_ABUSIVE_PER_SHIFT", "3"))

# The organisation's own sign-in (OpenID Connect), as a first step; only where all of the first three are given.
OIDC_ISSUER = os.environ.get("HELPLINE_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("HELPLINE_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = _secret("HELPLINE_OIDC_CLIENT_SECRET", "oidc-client-secret", "")
OIDC_NAME = os.environ.get("HELPLINE_OIDC_NAME", "your organisation’s account")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "helpline.web",
    "helpline.vault",
    "helpline.accounts",
    "helpline.lines",
    "helpline.live",
    "helpline.directory",
    "helpline.content",  # before Wagtail, some of whose templates it replaces
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.messages",
    "helpline.conversations",
    "helpline.records",
    "helpline.endings",
    "helpline.routing",
    "helpline.referrals",
    "helpline.channels",
    "helpline.channels.webchat",
    "helpline.channels.sms",
    "helpline.channels.email",
    "helpline.engagement",
    "helpline.publishing",
    "helpline.portal",
    "helpline.workspace",
    "helpline.public",
    "helpline.operations",
]

MIDDLEWARE = [
    "helpline.web.middleware.security_headers",
    "helpline.web.middleware.front_door",
    # A slow phone. It masks lengths too, and no page holds a secret beside what a stranger can make it repeat.
    "django.middleware.gzip.GZipMiddleware",
    "helpline.web.middleware.static_files",
    "helpline.web.languages.language_of_the_address",
    "django.middleware.common.CommonMiddleware",
    # Sessions, CSRF and sign-in exist behind the staff door only: a public page has no cookie to leak.
    "helpline.web.middleware.Limits",
    "helpline.web.middleware.Sessions",
    "helpline.web.middleware.CrossSiteRequests",
    "helpline.web.middleware.SignIn",
    "helpline.web.middleware.Messages",
]

ROOT_URLCONF = "helpline.public.urls"
PUBLIC_URLCONF = "helpline.public.urls"
WORKSPACE_URLCONF = "helpline.workspace.urls"
PORTAL_URLCONF = "helpline.portal.urls"
EDITING_URLCONF = "helpline.workspace.editing_urls"
PHONE_URLCONF = "helpline.operations.phone.urls"
CARRIER_URLCONF = "helpline.channels.sms.webhooks.urls"
# Named, not imported: the live process streams this page and knows nothing of what is above it.
PLAIN_PAGE = "helpline.channels.webchat.plain.page"
ROUTER = "helpline.routing.router"  # the same way, and for the same reason
CHANNELS = "helpline.channels.hooks"  # the same: conversations tell it what has to go out by text or mail
WSGI_APPLICATION = "helpline.wsgi.application"
ASGI_APPLICATION = "helpline.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "helpline.web.context.every_page",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        _secret("DATABASE_URL", "database-url", "postgresql:///helpline"),
        conn_max_age=600,
        conn_health_checks=True,
    )
}
MIGRATION_MODULES = {"wagtailcore": "helpline.content.wagtailcore"}  # the same, and one that stands for 84 of them
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["helpline.accounts.backends.StaffBackend"]
SESSION_ENGINE = "helpline.accounts.sessions"
# A browser takes a cookie of such a name from this very host only, and over TLS only.
COOKIE_PREFIX = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}workspace"
SESSION_COOKIE_AGE = 12 * 3600  # one long shift
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True  # scripts are given the token in an answer
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}workspace-csrf"
PORTAL_COOKIE_NAME = f"{COOKIE_PREFIX}portal"
PASSWORD_HASHERS = ["helpline.accounts.hashers.SignInSecretHasher"]
SECURE_SSL_REDIRECT = False  # the proxy's work
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None

# To a mail server on another machine over TLS whose certificate is verified, or not at all.
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if MAIL_FOLDER else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = MAIL_FOLDER or None
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = SMTP_HOST, SMTP_PORT, 20
EMAIL_USE_TLS = SMTP_HOST not in {"localhost", "127.0.0.1", "::1"}
DEFAULT_FROM_EMAIL = MAIL_FROM or "helpline@localhost"

LANGUAGE_CODE = "en"  # as LANGUAGES says it: what has no prefix in an address is in this one (web/languages.py)
# Whether a native speaker has read what the pages say in te reo Māori; until then every such page says so.
TE_REO_REVIEWED = _flag("HELPLINE_TE_REO_REVIEWED", False)
LANGUAGES = [("en", "English"), ("mi", "Te reo Māori")]
LOCALE_PATHS = [ROOT / "helpline" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Pacific/Auckland"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # straight from the package: nothing to collect
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has business with our files
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}  # of text it says the charset by itself
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # `collectstatic` writes each file compressed beside itself, so that production compresses nothing twice.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# A request carries at most a sealed message or a form; anything larger is a mistake or an attack. A page of an editor's
# is more than that: what Django lets through is for their door, and at every other `web.middleware.Limits` holds less.
BODY_MAX_BYTES = 64 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS: list[str] = []  # but at the editors' door (web/middleware.py) nothing takes a file
MEDIA_ROOT = PICTURES_DIR
MEDIA_URL = "/pictures/"

# The pages that editors write (helpline/content). What Wagtail would ask other hosts for, or mail, is off.
WAGTAIL_SITE_NAME = "Helpline"
WAGTAILADMIN_BASE_URL = f"{'https' if BEHIND_TLS else 'http'}://{(EDITING_HOSTS or ['localhost'])[0]}"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("mi", "Te reo Māori")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English")]
WAGTAILIMAGES_IMAGE_MODEL = "content.Picture"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 * 1024 * 1024  # a photograph as a phone takes it
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False  # what staff say to each other is no part of a page
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "helpline.content.publishing.publish"  # the second look is the permission

# No access log; no words, addresses or query strings in what is logged (06-safety).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"bare": {"()": "helpline.web.logs.Bare"}},
    "formatters": {
        "line": {"()": "helpline.web.logs.Line", "fmt": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["bare"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": [], "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # our `i18n` takes the place of Django's on purpose (web/templatetags)
