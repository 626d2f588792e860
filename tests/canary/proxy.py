"""A reverse proxy that keeps a copy of every byte of every request and answer."""

import re
import socket
import socketserver
import threading
from pathlib import Path

PIECE = 65536
# One request a connection, and nothing compressed: else what passes could not be read.
_DROPPED = re.compile(rb"\r\n(?:connection|accept-encoding):[^\r]*", re.IGNORECASE)


class RecordingProxy:
    """/live/ goes to the live process, everything else to the site."""

    def __init__(self, record: Path, site: int, live: int) -> None:
        self.record, self._ports = record, {True: live, False: site}
        self._writing = threading.Lock()
        proxy = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                proxy._serve(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        record.touch()

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, client: socket.socket) -> None:
        head, rest = _head_of(client)
        if not head:
            return
        is_live = head.split(b" ", 2)[1].startswith(b"/live/")
        self._keep(head + b"\r\n\r\n" + rest)
        try:
            with socket.create_connection(("127.0.0.1", self._ports[is_live])) as upstream:
                upstream.sendall(_DROPPED.sub(b"", head) + b"\r\nConnection: close\r\n\r\n" + rest)
                up = threading.Thread(target=self._pump, args=(client, upstream), daemon=True)
                up.start()
                self._pump(upstream, client)
        except OSError:
            return  # the process behind is not there; the browser sees a closed connection

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(PIECE):
                self._keep(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return  # one side has gone

    def _keep(self, piece: bytes) -> None:
        with self._writing, self.record.open("ab") as record:
            record.write(piece)


def _head_of(client: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = client.recv(PIECE)
        if not piece:
            return b"", b""
        received += piece
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest
