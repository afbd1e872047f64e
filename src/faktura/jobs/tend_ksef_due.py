"""Every night each account that is connected to KSeF has a job that looks after its connection."""

from faktura.core.books import jobs_to_do
from faktura.core.books.office import Office
from faktura.core.ksef.connection import connected_accounts
from faktura.jobs.check_due import next_night_after

EVERY = next_night_after


def do(office: Office) -> None:
    jobs_to_do.put_for_each(office.tx, connected_accounts(office), "tend_ksef", office.now)
