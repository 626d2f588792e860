"""The site: everything but the live path."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from django.conf import settings

from helpline.web.shared import Shared

_site = get_wsgi_application()
application = Shared(_site, settings.PAGES_SECONDS) if settings.PAGES_SECONDS else _site
