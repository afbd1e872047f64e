"""What was done to many documents, and the files that were made of them, are forgotten after a day."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.invoices.batch_files import BatchPart
from faktura.core.invoices.batches import Batch, BatchResult

EVERY = dt.timedelta(hours=1)


def do(office: Office) -> None:
    if any(office.forget_expired(cls) for cls in (BatchPart, BatchResult, Batch)):
        office.later("forget_batches")
