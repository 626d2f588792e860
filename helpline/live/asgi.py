"""The live process by itself, as in production: `uvicorn helpline.live.asgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from django.conf import settings
from django.utils.log import configure_logging

from helpline.live.application import Live

configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)  # the same logs without people in them
application = Live()
