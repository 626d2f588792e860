"""`helpline demo`: a whole helpline on one port, with invented lines and staff."""

import os
import signal
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from helpline.lines.models import Line
from helpline.live.asgi import application as live
from helpline.live.server import serve
from helpline.operations import demo_data, demonstration
from helpline.operations.phone.lines import connect, lines_here
from helpline.operations.phone.simulator import Simulator, plug
from helpline.operations.postgres import PostgresUnavailable
from helpline.portal import demonstration as representatives
from helpline.publishing import demonstration as figures


class Command(BaseCommand):
    help = "Run a demonstration: site, live process and database, with invented lines and staff."
    requires_system_checks = []  # they may ask the database, which is not running yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, port: int, **options: object) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("HELPLINE_DEMONSTRATION is off: the demonstration's sign-ins are public knowledge.")
        _stop_like_ctrl_c(signal.SIGTERM, signal.SIGHUP)
        try:
            with demonstration.only_one(), demonstration_database():
                self.run(demonstration.listen(port), port)
        except (demonstration.CannotStart, PostgresUnavailable) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            pass  # Ctrl-C before the servers were there; afterwards they take it themselves
        self.stdout.write("\nStopped. What was kept stays; the next make demo goes on with it.")

    def run(self, sockets: list[socket.socket], port: int) -> None:
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        if demo_data.load():
            figures.load(Line.objects.get(slug=demo_data.SAFE))
            self.stdout.write("Invented four lines, fourteen staff, two years of contacts and their figures.")
        demo_data.renew_apps()
        representatives.load()
        demo_data.load_updates()
        demo_data.load_pages()
        demo_data.load_events()
        demo_data.load_contract()
        demo_data.load_consultations()
        updates = ("send_updates", "--watch", "--port", str(port))
        beside = (("carry",), updates, ("publish_due", "--watch"))
        with phone_and_mailbox(), ExitStack() as others:
            for command in beside:
                others.enter_context(demonstration.beside(*command))
            self.stdout.write(_welcome(port))
            self.stdout.flush()
            with suppress(KeyboardInterrupt):  # the server stops in order, then passes Ctrl-C on
                serve("helpline.asgi:application", live, sockets)


@contextmanager
def phone_and_mailbox() -> Iterator[None]:
    """Somebody to text and to mail with, on pages of this process (operations/phone)."""
    lmtp_port = demonstration.free_port()
    simulator = Simulator(lines_here(), lmtp_port)
    connect(simulator, lmtp_port)
    simulator.start()
    plug(simulator)
    try:
        yield
    finally:
        plug(None)
        simulator.stop()


@contextmanager
def demonstration_database() -> Iterator[None]:
    """The demonstration's PostgreSQL while it runs, unless DATABASE_URL names another."""
    server = demonstration.database_server()
    if os.environ.get("DATABASE_URL") != server.url():
        yield
        return
    server.start()
    try:
        server.create_database()
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C must not cut the data short
        connections.close_all()
        server.stop()


def _welcome(port: int) -> str:
    public, workspace, named = settings.PUBLIC_HOSTS[0], settings.WORKSPACE_HOSTS[0], settings.WORKSPACE_HOSTS[-1]
    others = "".join(f"\n  {line.name:<26} http://{line.hosts[0]}:{port}/" for line in Line.objects.exclude(hosts=[]))
    sign_ins = "\n".join(
        f"    {person.username:<8} {person.role:<11} {person.passphrase}" for person in demo_data.STAFF
    )
    services = "".join(
        f"\n  For services               http://{host}:{port}/ (as {representatives.EMAIL}; it shows link and code)"
        for host in settings.PORTAL_HOSTS[:1]
    )
    editors = "".join(
        f"\n  To edit the site           http://{host}:{port}/ (from “Edit the site” in the menu of staff)"
        for host in settings.EDITING_HOSTS[:1]
    )
    phone = "".join(f"\n  Text or e-mail the lines   http://{host}:{port}/" for host in settings.PHONE_HOSTS[:1])
    return (
        f"\n  For people who need help   http://{public}:{port}/"
        f"{others}"
        f"\n  For staff                  http://{workspace}:{port}/ (with passkeys: http://{named}:{port}/)"
        f"{services}"
        f"{editors}"
        f"{phone}"
        f"\n\n  Sign in as (name, role, passphrase; the door then shows the code that their phone would):\n{sign_ins}\n"
        "\n  This is a demonstration: nobody is watching. Ctrl-C stops it."
    )


def _stop_like_ctrl_c(*signals: signal.Signals) -> None:
    """A closed terminal or a service manager ends the demonstration as cleanly as Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    for number in signals:
        signal.signal(number, interrupt)
