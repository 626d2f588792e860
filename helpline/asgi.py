"""Site and live process in one, for the demonstration; in production they run apart behind one proxy."""

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from a2wsgi import WSGIMiddleware

from helpline.wsgi import application as site_wsgi  # before all else: it makes Django ready

# isort: split
from helpline.channels.webchat.plain import page as plain_page
from helpline.live.application import Live
from helpline.live.plain import PlainChat
from helpline.live.requests import Receive, Scope, Send

live = Live(PlainChat(plain_page))
site: Any = WSGIMiddleware(cast("Any", site_wsgi), workers=8)  # eight at once is plenty for a demonstration


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    is_live = scope["type"] == "lifespan" or scope["path"].startswith("/live/")
    await (live if is_live else site)(scope, receive, send)
