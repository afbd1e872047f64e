"""A worker in a process of its own that is killed as soon as a message has left, before it can write that down."""

import datetime as dt
import os
import signal
import sys

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.clock import Clock
from faktura.jobs import Reach, handlers, send_message
from faktura.outputs.mail.letters import Letter, send
from faktura.outputs.mail.server import MailServer, read_mail_server
from faktura.store.database import open_database
from faktura.worker import Worker


def send_and_die(server: MailServer, letter: Letter) -> str:
    send(server, letter)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def main(database_url: str, smtp_url: str, now: dt.datetime) -> None:
    """Work at an instant that stands still."""
    vars(send_message)["send"] = send_and_die
    clock = Clock()
    clock.stand_at(now)
    reach = Reach(mail_server=read_mail_server(smtp_url))
    Worker(open_database(database_url), clock, handlers(), reach).work_until(lambda: False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], dt.datetime.fromisoformat(sys.argv[3]))
