"""A real Dovecot: a hosted mailbox that the line reads by IMAP."""

import grp
import imaplib
import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.peers.unpacked import GROUP, IS_ROOT, OWNER, PEERS, Program, as_root, libraries, short_folder
from tests.servers import START_SECONDS, free_port

NAME, PASSPHRASE = "line@hosted.example", "invented"
SETTINGS = """\
base_dir = {folder}/base
state_dir = {folder}/state
libexec_dir = {peers}/usr/lib/dovecot
mail_plugin_dir = {peers}/usr/lib/dovecot/modules
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mailboxes/%u
mailbox_list_index = no
import_environment = {kept}
passdb {{
  driver = static
  args = password={passphrase}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mailboxes/%u
}}
service config {{
  executable = config -c {folder}/dovecot.conf
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
"""


def _accounts() -> dict[str, str | int]:
    """Accounts of every Debian where we are root; whoever runs the tests for everything where we are not."""
    own, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    names = ("mail", "mail", "nobody") if IS_ROOT else (own, group, own)
    return {**dict(zip(("internal", "internal_group", "login"), names, strict=True)), "owner": OWNER, "group": GROUP}


@dataclass
class Dovecot:
    folder: Path
    port: int = field(default_factory=free_port)
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        for name in ("base/login", "state", "mailboxes"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for place in ("base", "base/login"):  # the Makefile has told it to find them there
            (self.folder / place / "modules").symlink_to(PEERS / "usr/lib/dovecot/modules")
        environment = {"LD_LIBRARY_PATH": libraries("usr/lib/dovecot", "usr/lib/dovecot/modules/old-stats")}
        if IS_ROOT:  # it runs as anybody, but root may not see that the folder of a test is closed to others
            environment |= as_root(self.folder, ("mail",))
        kept = " ".join(f"{name}={value}" for name, value in environment.items())
        settings = SETTINGS.format(
            **_accounts(), folder=self.folder, peers=PEERS, port=self.port, passphrase=PASSPHRASE, kept=kept
        )
        (self.folder / "dovecot.conf").write_text(settings)
        doveconf = [str(PEERS / "usr/bin/doveconf"), "-f", "service=master", "-c", str(self.folder / "dovecot.conf")]
        dovecot = ["-m", "master", "-e", str(PEERS / "usr/sbin/dovecot"), "-F"]
        self.program = Program([*doveconf, *dovecot], self.folder, environment)

    def start(self) -> None:
        self.program.start()
        self.program.wait_for("starting up for imap", self.folder / "log")

    def stop(self) -> None:
        self.program.stop()

    def put(self, mail: bytes) -> None:
        """A mail arrives in the line's mailbox."""
        with self._signed_in() as connection:
            connection.append("INBOX", "", "", mail)

    def kept(self, folder: str = "INBOX") -> int:
        """How many mails are in a folder of the line's."""
        with self._signed_in() as connection:
            _, [count] = connection.select(folder, readonly=True)
            return int(count or 0)

    def _signed_in(self) -> imaplib.IMAP4:
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=START_SECONDS)
        connection.login(NAME, PASSPHRASE)
        return connection


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with short_folder() as folder:
        server = Dovecot(folder)
        server.start()
        yield server
        server.stop()
