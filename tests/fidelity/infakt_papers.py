"""Values of papers without a buyer, as infakt_samples.py has those of documents."""

from tests.fidelity.house import Values as Json

LINES: dict[str, Json] = {
    "internal_invoice": {"tax_symbol": "23", "net_price": 10000},
    "fiscal_report": {"tax_symbol": "8", "gross_price": 10800},
    "daily_revenue": {"quantity": 1, "unit_price": 48250},
}
"""What is enough for a line; an internal evidence is one itself."""

ENTRIES: dict[str, Json] = {
    "internal_invoice": {
        "transaction_kind_symbol": "nonaccounting_sales",
        "services": [LINES["internal_invoice"]],
    },
    "fiscal_report": {"services": [LINES["fiscal_report"]]},
    "internal_evidence": {
        "classification_symbol": "sold",
        "service_name": "Złom",
        "quantity": "2",
        "unit_price": 5000,
    },
    "daily_revenue": {"services": [LINES["daily_revenue"]]},
}
"""What is enough for a create."""

PAPERS: dict[str, tuple[Json, Json]] = {
    "internal_invoice": (
        {
            "number": "3924/2026",
            "transaction_kind_symbol": "free_transfer_of_goods",
            "invoice_date": "2026-11-02",
            "notes": "Kosz na loterię",
            "services": [{"tax_symbol": "5", "net_price": 12000}, {"tax_symbol": "zw", "gross_price": 700}],
        },
        {
            "number": "A-7",
            "transaction_kind_symbol": "inventory_for_vat",
            "invoice_date": "2026-10-05",
            "notes": "Naprawa",
            "services": [{"tax_symbol": "8", "gross_price": 21600}],
        },
    ),
    "fiscal_report": (
        {
            "number": "3924/2026",
            "invoice_date": "2026-11-02",
            "notes": "Kasa przy wejściu",
            "services": [
                {"tax_symbol": "5", "net_price": 12000, "flat_rate_tax_symbol": "8.5"},
                {"tax_symbol": "23", "gross_price": 24600, "flat_rate_tax_symbol": "3"},
            ],
        },
        {
            "number": "A-7",
            "invoice_date": "2026-10-05",
            "notes": "Kasa w ogrodzie",
            "services": [{"tax_symbol": "8", "gross_price": 21600}],
        },
    ),
    "internal_evidence": (
        {
            "number": "3924/2026",
            "classification_symbol": "salary",
            "invoice_date": "2026-11-02",
            "sale_date": "2026-11-01",
            "notes": "Za październik",
            "service_name": "Wypłata",
            "quantity": "2.5",
            "unit_price": 4938,
            "total_price": 12346,
            "flat_rate_tax_symbol": "8.5",
        },
        {
            "number": "A-7",
            "classification_symbol": "sold",
            "invoice_date": "2026-10-05",
            "notes": "Skup złomu",
            "service_name": "Makulatura",
            "quantity": "40",
            "unit_price": 120,
        },
    ),
    "daily_revenue": (
        {
            "number": "3924/2026",
            "description": "Sklepik przy sadzie",
            "issue_date": "2026-11-02",
            "notes": "W deszczu",
            "vat_exemption_reason": 3275,
            "services": [{"quantity": 2.5, "unit_price": 4938, "flat_rate_tax_symbol": "8.5"}],
        },
        {
            "number": "A-7",
            "description": "Kiermasz",
            "issue_date": "2026-10-05",
            "notes": "Z loterią",
            "vat_exemption_reason": 1,
            "services": [{"quantity": 1, "unit_price": 700}, {"quantity": 3, "unit_price": 100}],
        },
    ),
}
"""By wrapper key: what one has, and what another has that differs in every attribute."""
