"""What can go wrong between the program and its database."""


class Stale(Exception):  # noqa: N818 (a state of a record, not a fault of the program)
    """A record was changed by somebody else since this transaction read it."""


class Unready(Exception):  # noqa: N818 (says what the database is)
    """The database cannot be used as it is; the text says what to do."""


class Unavailable(Exception):  # noqa: N818 (says what the database is)
    """The database cannot do its work now, for a reason that has nothing to do with what was asked of it.

    The text says to the operator why. What was asked may be asked again after `retry_after` seconds. `silent`: it did
    not answer in time, and would keep the next one waiting just as long. `broken`: the connection is of no more use,
    and nothing was committed on it.
    """

    retry_after = 5

    def __init__(self, why: str, *, silent: bool = False, broken: bool = False) -> None:
        super().__init__(why)
        self.silent = silent
        self.broken = broken
