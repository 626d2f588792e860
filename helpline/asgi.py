"""Site and live process in one, for the demonstration; in production they run apart behind one proxy."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")

from a2wsgi import WSGIMiddleware

from helpline.live.application import application as live
from helpline.wsgi import application as site_wsgi

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

site: Any = WSGIMiddleware(
    cast("Any", site_wsgi), workers=8
)  # Django's sync views; eight at once is plenty for a demonstration


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    is_live = scope["type"] == "lifespan" or scope["path"].startswith("/live/")
    await (live if is_live else site)(scope, receive, send)
