"""A page in a real browser with the vault's modules, under the very policy that every page of ours carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
MODULE = "/tests/vault/twin.js"
# A test holds it equal to `helpline.web`'s; written again here so that making vectors needs no Django.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)


class _Files(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # the browser asks by itself
            self.send_response_only(204)
            self.end_headers()
            return
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Quiet."""


class VaultPage:
    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requested: list[str] = []
        self.workers: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requested.append(request.url.removeprefix(address)))
        page.on("worker", lambda worker: self.workers.append(worker.url.removeprefix(address)))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{address}/tests/vault/blank.html")

    def call(self, function: str, *arguments: object) -> Any:
        """Call a function that `twin.js` exports; an exception there is one here."""
        return self.call_in(MODULE, function, *arguments)

    def call_in(self, module: str, function: str, *arguments: object) -> Any:
        """The same of another module, by its path from the repository's root."""
        script = "async ([module, name, parameters]) => (await import(module))[name](...parameters)"
        return self.page.evaluate(script, [module, function, list(arguments)])


@contextmanager
def vault_page(browser: Browser) -> Iterator[VaultPage]:
    with _served() as address, browser.new_page() as page:
        yield VaultPage(page, address)


@contextmanager
def _served() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(ROOT))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
