"""A real Postfix: the operator's mail server, and the mailboxes of those who write to the line."""

import email
import shutil
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path

from tests.peers.unpacked import GROUP, OWNER, PEERS, Program, as_root, libraries
from tests.servers import free_port

ELSEWHERE = "person.example"  # where people who write to the line have their mailboxes
QUEUES = "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace"
KEPT = "LD_LIBRARY_PATH LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP UID_WRAPPER UID_WRAPPER_ROOT MAIL_CONFIG"
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {peers}/usr/lib/postfix/sbin
command_directory = {peers}/usr/sbin
shlib_directory = {peers}/usr/lib/postfix
meta_directory = {peers}/etc/postfix
import_environment = {kept}
mail_owner = postfix
setgid_group = postdrop
default_privs = other
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.line.example
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
# What waits is tried again soon: a test has no five minutes. Not at once: what is still locked is left for long.
queue_run_delay = 1s
minimal_backoff_time = 3s
maximal_backoff_time = 3s
transport_retry_time = 1s
# A machine without names: where mail goes stands here.
disable_dns_lookups = yes
default_transport = error:nowhere to send this
# Whoever has no mailbox is told later, by a bounce, as large providers do.
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = {elsewhere}
virtual_mailbox_base = {folder}/mailboxes
virtual_mailbox_maps = inline:{{ {mailboxes} }}
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{group}
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """Takes mail on its port; `settings` are lines of main.cf as docs/channels.md gives them to operators."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ("aroha", "wiremu")  # who has a mailbox at ELSEWHERE; all others there bounce
    port: int = field(default_factory=free_port)
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        for name in ("configuration", "data", "mailboxes", *(f"queue/{queue}" for queue in QUEUES.split())):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.program = Program(
            [str(PEERS / "usr/lib/postfix/sbin/master"), "-c", str(self.folder / "configuration"), "-d"],
            self.folder,
            {
                **as_root(self.folder, ("postfix", "postdrop", "other")),
                "LD_LIBRARY_PATH": libraries("usr/lib/postfix"),
                "MAIL_CONFIG": str(self.folder / "configuration"),
            },
        )

    def start(self) -> None:
        mailboxes = ", ".join(f"{{ {name}@{ELSEWHERE} = {name}/ }}" for name in self.people)
        places = {"folder": self.folder, "peers": PEERS, "elsewhere": ELSEWHERE, "mailboxes": mailboxes}
        main = MAIN.format(**places, kept=KEPT, owner=OWNER, group=GROUP)
        lines = [main, *(f"{name} = {value}\n" for name, value in self.settings.items())]
        (self.folder / "configuration/main.cf").write_text("".join(lines))
        (self.folder / "configuration/master.cf").write_text(MASTER.format(port=self.port))
        self.program.start()
        self.program.wait_for("daemon started", self.folder / "log")

    def stop(self) -> None:
        self.program.stop()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def mails_of(self, person: str) -> list[EmailMessage]:
        """What has come into somebody's mailbox."""
        arrived = sorted((self.folder / "mailboxes" / person / "new").glob("*"))
        return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in arrived]

    def empty(self, person: str) -> None:
        shutil.rmtree(self.folder / "mailboxes" / person, ignore_errors=True)
