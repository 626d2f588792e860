"""The site: everything but the live path."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from helpline.web.shared import Shared

application = Shared(get_wsgi_application())
