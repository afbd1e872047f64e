"""What can go wrong between the program and its database."""


class Stale(Exception):  # noqa: N818 (a state of a record, not a fault of the program)
    """A record was changed by somebody else since this transaction read it."""


class Unready(Exception):  # noqa: N818 (says what the database is)
    """The database cannot be used as it is; the text says what to do."""
