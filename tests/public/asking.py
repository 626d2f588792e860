"""Asking the public site as a browser does, by its first host."""

import html
from collections.abc import Mapping

from django.test import Client


def ask(client: Client, path: str, sent: Mapping[str, object] | None = None, status: int = 200) -> str:
    """The page in plain characters; posts what is `sent`. No answer sets a cookie."""
    headers = {"host": "localhost"}
    answer = client.get(path, headers=headers) if sent is None else client.post(path, sent, headers=headers)
    assert answer.status_code == status, answer.content.decode()
    assert not answer.cookies
    return html.unescape(answer.content.decode())
