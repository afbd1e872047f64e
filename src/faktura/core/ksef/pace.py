"""How often KSeF was called as a firm: counted before each call, in the database, whoever calls."""

import datetime as dt

from faktura.store.records import Shared, record, unique


@record("ksef_paces", unique("subject", "sort"))
class KsefPace(Shared):
    """The calls of one sort in the last hour; `subject` is whom KSeF counts by: environment and tax number."""

    subject: str
    sort: str
    taken: tuple[dt.datetime, ...] = ()
