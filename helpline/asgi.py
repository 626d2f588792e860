"""Site and live process in one, for the demonstration; in production they run apart behind one proxy."""

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from a2wsgi import WSGIMiddleware

from helpline.live.asgi import application as live
from helpline.live.requests import Receive, Scope, Send
from helpline.wsgi import application as site_wsgi

site: Any = WSGIMiddleware(cast("Any", site_wsgi), workers=8)  # eight at once is plenty for a demonstration


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    is_live = scope["type"] == "lifespan" or scope["path"].startswith("/live/")
    await (live if is_live else site)(scope, receive, send)
