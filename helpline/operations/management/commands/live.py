"""`helpline live`: the live process by itself, behind the same proxy as the site. Any number may run."""

import socket
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from helpline.channels.webchat.plain import page as plain_page
from helpline.live.application import Live
from helpline.live.plain import PlainChat
from helpline.live.server import serve

BACKLOG = 2048  # after a restart every stream comes back at once


class Command(BaseCommand):
    help = "Serve /live/: messages, streams, and the streamed page of a browser without JavaScript."
    requires_system_checks = []  # it starts, and mends itself, with the database away

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8002)

    def handle(self, *args: object, host: str, port: int, **options: object) -> None:
        live = Live(PlainChat(plain_page))
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=BACKLOG) as listener:
            serve(live, live, [listener])
