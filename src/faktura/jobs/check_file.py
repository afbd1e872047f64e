"""A file that somebody sent for that is looked through: what it is, what it says, and what is wrong with it."""

from faktura.core.books.books import Books
from faktura.core.received.file_checks import Findings, RulesAsked, complete_check, waiting_check
from faktura.inputs.e_invoices.read import read_recognised
from faktura.inputs.e_invoices.recognise import Recognised, recognise
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.jobs import Effect, Errand, nothing_more
from faktura.outputs.e_invoices import isdoc_rules, peppol_rules
from faktura.outputs.e_invoices.checking import faults_of_schema, has_schema
from faktura.outputs.e_invoices.fa3 import rules as ksef_rules
from faktura.outputs.e_invoices.official_rules import Absence, NoAnswer, OfficialRules, RulesOf, RulesRefused

LANE = "reading"

OFFICIAL: dict[str, RulesOf] = {"ubl": "UBL", "cii": "CII"}


def go_out(errand: Errand, check_id: int) -> Effect:
    check = errand.read(lambda books: waiting_check(books, check_id))
    if check is None:
        return nothing_more
    findings = findings_in(check.content, errand.reach.rules)
    return lambda books: complete_check(books, check_id, findings)


def refused(books: Books, _error: Exception, check_id: int) -> None:
    """It failed again and again, of which nobody is told more than that it cannot be read."""
    complete_check(books, check_id, Findings(refused="damaged"))


def findings_in(content: bytes, rules: OfficialRules | Absence) -> Findings:
    """All that can be said of the file."""
    try:
        found = recognise(content)
        invoice = read_recognised(found, lambda _content, _format: ()).invoice
    except NoInvoice as refused:
        return Findings(refused=refused.reason, detail=refused.detail)
    if not found.is_current:
        return Findings(invoice=invoice)
    official, asked = _official(found, rules)
    return Findings(
        has_schema=has_schema(found.format),
        faults=tuple(faults_of_schema(found.content, found.format)),
        own_rules=tuple(_own_rules(found)),
        official_rules=tuple(official),
        rules=asked,
        invoice=invoice,
    )


def _own_rules(found: Recognised) -> list[str]:
    """Those of its format or of its profile that no schema says."""
    if found.format == "isdoc":
        return isdoc_rules.broken_rules(found.content)
    if found.format == "fa3":
        return ksef_rules.broken_rules(found.content)
    if found.format == "ubl" and peppol_rules.is_of_peppol(found.version):
        return peppol_rules.broken_rules(found.content)
    return []


def _official(found: Recognised, rules: OfficialRules | Absence) -> tuple[list[str], RulesAsked]:
    """The official rules that it breaks, as far as they can be asked."""
    syntax = OFFICIAL.get(found.format)
    if syntax is None:
        return [], "no_rules_of_it"
    if not isinstance(rules, OfficialRules):
        return [], rules
    try:
        return rules.broken_by(found.content, syntax), "asked"
    except (NoAnswer, RulesRefused):
        return [], "no_answer"
