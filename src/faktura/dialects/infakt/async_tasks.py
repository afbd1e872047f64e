"""Asynchronous tasks (section 17): accepted at once, done by a worker, asked about until they are done."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.tasks import Task, accept_task, find_task, is_begun
from faktura.core.errors import NotFound
from faktura.dialects.infakt.door.door import KEY_PARAMETER, NAME, Call
from faktura.dialects.infakt.door.values import INTEGER, TEXT, show_moment
from faktura.dialects.infakt.invoices.resources import INVOICES, Serve
from faktura.wire.endpoints import Answer, Endpoint, Parameter
from faktura.wire.fields import Kind, Shape, read_only
from faktura.wire.rendered import encode
from faktura.wire.values import choice, read_text

ACCEPTED = 201
"""The contract has 202 as well (D1)."""

Action = Literal["create_invoice", "mark_as_paid"]

Subject = Callable[[Call], str | None]


class Work(msgspec.Struct, frozen=True):
    """What can be handed in: `do` gives the uuid of the document that it made or marked.

    Where `do` raises, nothing is kept of what it began; errors are spelled as attributes of the shape. `kind` is the
    column "tasks" of section 2.
    """

    action: Action
    kind: str
    shape: Shape[Any, None]
    do: Callable[[Books, Task], str]

    @property
    def name(self) -> tuple[str, str]:
        return self.action, self.kind


def create_and_ask(path: str, work: Work) -> tuple[Endpoint, Endpoint]:
    """The two endpoints of every kind of document."""
    ask = Endpoint(
        method="GET",
        path=f"/async{path}/status/{{reference}}.json",
        serve=_asking(work.kind),
        about="Ask how a task went",
        answers={200: TASK},
        scope=INVOICES.read,
    )
    return hand_in(f"/async{path}.json", work), ask


def nothing_yet(_call: Call) -> str | None:
    """What a task will make has no uuid before it is made."""
    return None


def hand_in(path: str, work: Work, subject: Subject = nothing_yet, parameters: tuple[Parameter, ...] = ()) -> Endpoint:
    """`subject` gives the uuid of the document that the task is about; where it raises, nothing is handed in."""
    return Endpoint(
        method="POST",
        path=path,
        serve=_accepting(work, subject),
        about="Hand in a task",
        parameters=parameters,
        takes=work.shape if work.action == "create_invoice" else None,
        answers={ACCEPTED: TASK},
        scope=INVOICES.write,
    )


def _accepting(work: Work, subject: Subject) -> Serve:
    def serve(call: Call) -> Answer:
        parameters = {name: value for name, value in call.parameters.items() if name != KEY_PARAMETER}
        task = accept_task(call.books, NAME, work.action, work.kind, parameters, subject(call))
        return Answer(ACCEPTED, _shown(task, 100))

    serve.__name__ = f"{work.action}_later_{work.kind}"
    return serve


def _asking(kind: str) -> Serve:
    def serve(call: Call) -> Answer:
        task = find_task(call.books, call.ids["reference"])
        if (task.door, task.kind) != (NAME, kind):
            raise NotFound(Task.table_name)
        return Answer(200, _shown(task, _code(call.books, task)))

    serve.__name__ = f"ask_about_{kind}"
    return serve


def _code(books: Books, task: Task) -> int:
    if task.state == "waiting":
        return 140 if is_begun(books, task) else 120
    return _ended_code(task)


def _ended_code(task: Task) -> int:
    if task.state == "refused":
        return 422
    return 201 if task.action == "create_invoice" else 200


def _shown(task: Task, code: int) -> bytes:
    return encode(_known(task, code))


def shown_ended(task: Task) -> dict[str, Any]:
    """What a task came to."""
    return _known(task, _ended_code(task))


def _known(task: Task, code: int) -> dict[str, Any]:
    """What is not known yet is not there."""
    return {name: value for name, value in TASK.show(task, code).items() if value is not None}


def _description(task: Task, code: int) -> str:
    return DESCRIPTIONS.get(code) or REFUSED[task.action]


def _errors(task: Task, _code: int) -> dict[str, Any] | None:
    """Marking as paid tells one sentence for each attribute, creating a list."""
    if task.sentences is None or task.action == "create_invoice":
        return task.sentences
    return {name: sentences[0] for name, sentences in task.sentences.items()}


DESCRIPTIONS = {
    100: "Zlecenie przyjęte",
    120: "Zlecenie czeka na przetworzenie",
    140: "Zlecenie jest w trakcie przetwarzania",
    200: "Faktura została oznaczona jako zapłacona",
    201: "Faktura stworzona",
}

REFUSED = {
    "create_invoice": "Nie udało się stworzyć faktury",
    "mark_as_paid": "Nie udało się oznaczyć faktury jako zapłaconej",
}
"""With code 422, by action."""

CODE = Kind({"type": "integer", "enum": [*DESCRIPTIONS, 422]}, INTEGER.read)
OBJECT = Kind({"type": "object"}, read_text)

TASK: Shape[Task, int] = Shape(
    "async_task",
    Task,
    (
        read_only(
            "timestamps",
            OBJECT,
            nullable=False,
            showing=lambda task, _: {"task_created_at": show_moment(task.created_at)},
        ),
        read_only("invoice_task_reference_number", TEXT, "reference", nullable=False),
        read_only("processing_code", CODE, nullable=False, showing=lambda _, code: code),
        read_only("processing_description", TEXT, nullable=False, showing=_description),
        read_only("action", choice("create_invoice", "mark_as_paid"), nullable=False),
        read_only("invoice_kind", TEXT, "kind", nullable=False),
        read_only("invoice_uuid", TEXT, "subject", nullable=False),
        read_only("invoice_errors", OBJECT, nullable=False, showing=_errors),
    ),
)
