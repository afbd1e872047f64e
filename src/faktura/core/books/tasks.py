"""Work that a client handed in, and asks about later."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.listeners import tell
from faktura.core.errors import NotFound
from faktura.store.records import Tenant, changed, index, record, unique

JOB = "do_task"
KEPT_FOR = dt.timedelta(days=30)


@record(
    "tasks",
    unique("account_id", "reference"),
    index("expires_at", over_all_accounts="a job of the house forgets what expired"),
    paged=False,
    refers={"user_id": "users"},
    remembers={"job_id": "jobs"},
)
class Task(Tenant):
    """The door that accepted a task does it; `action`, `kind` and `parameters` are in its words, as is why it failed.

    `reference` is what the client asks by. `subject` is the uuid of the record that the task is about: one that is made
    is known only when it is done. `user_id` is who handed it in. What was done or refused keeps no parameters, and is
    forgotten a month later.
    """

    reference: str
    door: str
    action: str
    kind: str
    parameters: dict[str, Any]
    job_id: int
    user_id: int | None = None
    subject: str | None = None
    state: Literal["waiting", "done", "refused"] = "waiting"
    sentences: dict[str, list[str]] | None = None
    expires_at: dt.datetime | None = None


def accept_task(
    books: Books, door: str, action: str, kind: str, parameters: Mapping[str, Any], subject: str | None = None
) -> Task:
    """Keep a task and the job of doing it, whatever its parameters are worth."""
    reference = books.tx.chance.uuid(Task.table_name)
    job = jobs_to_do.put(books.tx, books.account.id, JOB, (reference,), books.now, books.now)
    return books.add(
        Task,
        reference=reference,
        door=door,
        action=action,
        kind=kind,
        parameters=dict(parameters),
        job_id=job.id,
        user_id=books.user_id,
        subject=subject,
    )


def find_task(books: Books, reference: str) -> Task:
    """The task.

    Raises:
        NotFound: there is none in this account.

    """
    found = books.look_up(Task, reference=reference.lower())
    if found is None:
        raise NotFound(Task.table_name)
    return found


def is_begun(books: Books, task: Task) -> bool:
    """Whether somebody works at a task that is not done yet, or tried to."""
    job = books.look_up(Job, id=task.job_id)
    return job is not None and job.attempts > 0


def complete_task(books: Books, task: Task, subject: str) -> Task:
    ended = changed(task, state="done", subject=subject, parameters={}, expires_at=books.now + KEPT_FOR)
    return _ended(books, task, ended, "task_done")


def refuse_task(books: Books, task: Task, sentences: Mapping[str, list[str]]) -> Task:
    ended = changed(task, state="refused", sentences=dict(sentences), parameters={}, expires_at=books.now + KEPT_FOR)
    return _ended(books, task, ended, "task_refused")


def _ended(books: Books, task: Task, ended: Task, name: EventName) -> Task:
    """Whoever listens is told; the history has what the task did."""
    kept = books.change(task, ended)
    tell(books.tx, books.account, Event(name, kept), books.now)
    return kept
