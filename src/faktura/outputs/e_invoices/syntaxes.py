"""The syntaxes of the European standard by their names, each with the profile that is meant where none is named."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from faktura.core.e_invoices import Profile
from faktura.outputs.e_invoices.cii import cii
from faktura.outputs.e_invoices.en16931 import Standard, standard
from faktura.outputs.e_invoices.ubl import ubl
from faktura.outputs.reading.settled import Settled

Name = Literal["ubl", "cii"]


class Syntax(NamedTuple):
    write: Callable[[Standard], bytes]
    usual: Profile


SYNTAXES: Mapping[Name, Syntax] = {"ubl": Syntax(ubl, "peppol"), "cii": Syntax(cii, "en16931")}


def standard_file(settled: Settled, name: Name, profile: Profile | None = None) -> bytes:
    """The file; without a profile it is the usual one of the syntax.

    Raises:
        WrongState: the standard, or the profile, cannot say what the document is.

    """
    syntax = SYNTAXES[name]
    return syntax.write(standard(settled, profile or syntax.usual))
