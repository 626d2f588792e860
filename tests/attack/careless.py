"""The control: a small site with a mistake of each kind, so that the tools are known to see."""

import html
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FORM = '<form action="/find"><input name="name" value="asha"><input type="submit"></form>'


class Careless(BaseHTTPRequestHandler):
    """Puts what it is sent into SQL and its page, and fails at letters that it does not know and at an empty name."""

    def do_GET(self) -> None:
        name = parse_qs(urlsplit(self.path).query).get("name", [""])[0]
        try:
            found = find(name) if name else []
        except sqlite3.Error as error:
            return self._answer(500, f"sqlite3.{type(error).__name__}: {html.escape(str(error))} near: {name}")
        return self._answer(200, f"<html><body>{FORM}<p>{name}: {found}</p></body></html>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_well = body.isascii() and b"\\u" not in body and b'""' not in body and len(body) < 60
        self._answer(200 if is_well else 500, "{}", "application/json")

    def _answer(self, status: int, text: str, kind: str = "text/html; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class's name)
        return


def find(name: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE staff (name text)")
        connection.execute("INSERT INTO staff VALUES ('asha')")
        return connection.execute(f"SELECT name FROM staff WHERE name = '{name}'").fetchall()


@contextmanager
def careless_house() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
