"""The live process by itself, as in production; `python -m helpline.live` serves it."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

import django
from django.conf import settings

from helpline.live.application import Live
from helpline.live.plain import PlainChat

django.setup()  # the page without JavaScript is drawn with the site's own models; also the logs without people
application = Live(PlainChat(import_module(settings.PLAIN_PAGE)), import_module(settings.ROUTER).Watch)
