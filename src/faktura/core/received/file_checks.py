"""A file that somebody wants looked through: a job says what is in it, and nothing of it is kept for long."""

import datetime as dt
from typing import Literal, get_args

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.attachments import LONGEST_FILENAME
from faktura.core.errors import Given, LimitReached, NotFound, Problems
from faktura.core.received.extraction import WhyUnread
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.core.texts import as_seen
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant, changed, index, record

JOB = "check_file"
KEPT_FOR = dt.timedelta(hours=1)

MOST_MEGABYTES = 15
"""Of a file."""

MOST_WAITING = 20
"""Files of an account that wait to be looked through."""

RulesAsked = Literal["asked", "no_rules_of_it", "not_set", "no_files", "no_library", "no_answer"]
"""Whether the official rules were asked about a file, and else why not: its format has none, or the server."""

RULES_ASKED: tuple[RulesAsked, ...] = get_args(RulesAsked)


class Findings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found in a file: why it is `refused`, or what it says and all that is wrong with it.

    `faults` are what the schema of its format says against it, each with its line; `own_rules` are those of the format
    that no schema says, and `official_rules` those of the European standard, that it breaks.
    """

    refused: WhyUnread | None = None
    detail: str = ""
    has_schema: bool = False
    faults: tuple[str, ...] = ()
    own_rules: tuple[str, ...] = ()
    official_rules: tuple[str, ...] = ()
    rules: RulesAsked = "no_rules_of_it"
    invoice: ReceivedInvoice | None = None


NOTHING_FOUND = Findings()


@record(
    "file_checks",
    index("account_id", "state"),
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
    refers={"user_id": "users"},
)
class FileCheck(Tenant):
    """A file with what was found in it, for whoever sent it. Its `content` is there only while it waits."""

    filename: str
    content: bytes
    expires_at: dt.datetime
    user_id: int | None = None
    state: Literal["waiting", "done"] = "waiting"
    findings: Findings = NOTHING_FOUND


def order_check(books: Books, given: Given) -> FileCheck:
    """Have the `content` of a file looked through, which is called `filename`.

    Raises:
        Invalid: it is empty or too large.
        LimitReached: too many wait already.

    """
    problems, content = Problems(given.unread), given.get("content") or b""
    if not content:
        problems.add("content", "blank")
    elif len(content) > MOST_MEGABYTES * 1_000_000:
        problems.add("content", "files_too_large", MOST_MEGABYTES)
    problems.refuse()
    if books.count(FileCheck, Selection((Condition("state", "eq", "waiting"),))) >= MOST_WAITING:
        raise LimitReached("file_checks")
    check = books.add(
        FileCheck,
        filename=as_seen(given.get("filename") or "")[:LONGEST_FILENAME],
        content=content,
        expires_at=books.now + KEPT_FOR,
        user_id=books.user_id,
    )
    books.later(JOB, check.id)
    return check


def find_check(books: Books, check_id: int) -> FileCheck:
    """What somebody ordered.

    Raises:
        NotFound: there is none, it expired, or somebody else ordered it.

    """
    found = books.find(FileCheck, check_id)
    if found.user_id != books.user_id or found.expires_at <= books.now:
        raise NotFound(FileCheck.table_name)
    return found


def waiting_check(books: Books, check_id: int) -> FileCheck | None:
    """The same for the job that does it; None where nobody waits any more."""
    found = books.look_up(FileCheck, id=check_id)
    return found if found is not None and found.state == "waiting" else None


def complete_check(books: Books, check_id: int, findings: Findings) -> None:
    """The file itself is forgotten with that."""
    if (check := waiting_check(books, check_id)) is not None:
        books.change(check, changed(check, state="done", content=b"", findings=findings))
