"""`python -m helpline.live`: the live process by itself, behind the same proxy as the site. Any number may run."""

import argparse
import socket

from helpline.live import asgi, server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m helpline.live", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    given = parser.parse_args()
    family = socket.AF_INET6 if ":" in given.host else socket.AF_INET
    with socket.create_server((given.host, given.port), family=family, backlog=2048) as listener:
        server.serve("helpline.live.asgi:application", asgi.application, [listener])


if __name__ == "__main__":
    main()
