"""Values of every attribute that inFakt's contract lets a client write: two of each, and what else a create needs."""

from typing import Any

from tests.fidelity.house import Values as Json
from tests.fidelity.infakt_papers import ENTRIES, LINES, PAPERS

UNIT: Json = {
    "company_name": "Urząd Gminy",
    "nip": "5252248481",
    "street": "Rynek",
    "street_number": "1",
    "flat_number": "2",
    "postal_code": "30-001",
    "city": "Kraków",
    "country": "PL",
}

PARTY: Json = {
    "company_name": "Faktor sp. z o.o.",
    "tax_id": "5252248481",
    "street": "Długa",
    "building_number": "1",
    "door_number": "2",
    "post_code": "30-001",
    "city": "Kraków",
    "country_code": "PL",
    "role_code": "1",
    "internal_identifier": "5252248481-12345",
}

CLIENT: Json = {
    "company_name": "Zażółć Gęślą Jaźń sp. z o.o.",
    "street": "Długa",
    "street_number": "7",
    "flat_number": "12a",
    "city": "Kraków",
    "country": "DE",
    "postal_code": "10115",
    "nip": "DE 123-456-789",
    "phone_number": "+48 600 700 800",
    "web_site": "https://gesla.example",
    "email": "biuro@gesla.example",
    "note": "płaci późno",
    "receiver": "Anna Nowak",
    "mailing_company_name": "Magazyn",
    "mailing_street": "Krótka 2",
    "mailing_city": "Łódź",
    "mailing_postal_code": "90-001",
    "days_to_payment": 21,
    "payment_method": "card",
    "invoice_note": "Dziękujemy",
    "same_forward_address": False,
    "first_name": "Jan",
    "last_name": "Kowalski",
    "business_activity_kind": "self_employed",
}

OTHER_CLIENT: Json = {
    "company_name": "Altana s.c.",
    "street": "Szeroka",
    "street_number": "5",
    "flat_number": "3",
    "city": "Poznań",
    "country": "PL",
    "postal_code": "60-101",
    "nip": "525-224-84-81",
    "phone_number": "22 100 20 30",
    "web_site": "https://altana.example",
    "email": "ksiegowosc@altana.example",
    "note": "stały odbiorca",
    "receiver": "Piotr Lis",
    "mailing_company_name": "Biuro",
    "mailing_street": "Wąska 9",
    "mailing_city": "Gdynia",
    "mailing_postal_code": "81-001",
    "days_to_payment": 7,
    "payment_method": "cash",
    "invoice_note": "Polecamy się",
    "same_forward_address": True,
    "first_name": "Ewa",
    "last_name": "Mazur",
    "business_activity_kind": "other_business",
}

PRODUCT: Json = {
    "name": "Usługa księgowa",
    "pkwiu": "62.01.11",
    "cn": "8471",
    "pkob": "1110",
    "unit": "godz.",
    "tax_symbol": "8",
    "flat_rate_tax_symbol": "8.5",
    "quantity": 2.5,
    "net_price": 12345,
    "gross_price": 13333,
    "unit_net_price": 4938,
    "purchase_unit_net_price": 3000,
    "purchase_unit_gross_price": 3690,
    "discount": "10.0",
    "unit_net_price_before_discount": 5487,
    "gtu_id": 12,
}

OTHER_PRODUCT: Json = {
    "name": "Altana ogrodowa",
    "pkwiu": "16.23.20",
    "cn": "4421",
    "pkob": "1274",
    "unit": "szt.",
    "tax_symbol": "23",
    "flat_rate_tax_symbol": "3",
    "quantity": 4,
    "net_price": 40000,
    "gross_price": 49200,
    "unit_net_price": 10000,
    "purchase_unit_net_price": 7000,
    "purchase_unit_gross_price": 8610,
    "discount": "5.5",
    "unit_net_price_before_discount": 10582,
    "gtu_id": 10,
}

BANK_ACCOUNT: Json = {
    "bank_name": "Bank A",
    "account_number": "49915000093326449042496767",
    "swift": "ALBPPLPW",
    "default": True,
    "currency": "EUR",
    "custom_name": "Firmowe",
}

OTHER_BANK_ACCOUNT: Json = {
    "bank_name": "Żabi Bank",
    "account_number": "HU42117730161111101800000000",
    "swift": "OTPVHUHB",
    "default": False,
    "currency": "HUF",
    "custom_name": "Węgierskie",
}

LINE: Json = {
    "name": "Usługa",
    "tax_symbol": "8",
    "unit": "godz.",
    "quantity": 2.5,
    "unit_net_price": 4938,
    "pkwiu": "84.11.12.0",
    "cn": "8471",
    "pkob": "1110",
    "gtin": "5901234123457",
    "flat_rate_tax_symbol": "8.5",
    "discount": "10.0",
    "unit_net_price_before_discount": 5487,
    "gtu_id": 12,
}

BUYER: Json = {
    "client_company_name": "Zażółć sp. z o.o.",
    "client_first_name": "Jan",
    "client_last_name": "Kowalski",
    "client_business_activity_kind": "self_employed",
    "client_street": "Długa",
    "client_street_number": "7",
    "client_flat_number": "12a",
    "client_city": "Berlin",
    "client_post_code": "10115",
    "client_tax_code": "DE 123-456-789",
    "client_country": "DE",
}

OTHER_BUYER: Json = {
    "client_company_name": "Altana s.c.",
    "client_first_name": "Ewa",
    "client_last_name": "Mazur",
    "client_business_activity_kind": "other_business",
    "client_street": "Szeroka",
    "client_street_number": "5",
    "client_flat_number": "3",
    "client_city": "Poznań",
    "client_post_code": "60-101",
    "client_tax_code": "525-224-84-81",
    "client_country": "PL",
}

DOCUMENT: Json = BUYER | {
    "number": "3924/2026",
    "currency": "EUR",
    "notes": "Dziękujemy",
    "payment_method": "card",
    "split_payment": True,
    "split_payment_type": "optional",
    "recipient_signature": "Jan Kowalski",
    "seller_signature": "Anna Nowak",
    "invoice_date": "2026-11-02",
    "payment_date": "2026-11-30",
    "paid_date": "2026-11-20",
    "bank_account": "49915000093326449042496767",
    "bank_name": "Inna nazwa",
    "swift": "ALBPPLPX",
    "vat_exemption_reason": 3275,
    "sale_type": "service",
    "document_markings_ids": ["1", "13"],
    "transaction_kind_id": 2,
    "bdo_code": "000001234",
    "receipt_number": "W123",
    "not_income": True,
    "vat_exchange_date_kind": "pit",
    "sales_kind": "inny",
    "transaction_terms": {
        "contracts": [{"number": "U/1", "date": "2026-01-05"}],
        "orders": [{"number": "Z/1", "date": None}],
    },
    "local_government_recipient_address": UNIT,
}

OTHER_DOCUMENT: Json = OTHER_BUYER | {
    "number": "A-7",
    "currency": "CZK",
    "notes": "Polecamy się",
    "payment_method": "barter",
    "split_payment": False,
    "split_payment_type": "required",
    "recipient_signature": "Ewa Mazur",
    "seller_signature": "Piotr Lis",
    "invoice_date": "2026-10-05",
    "payment_date": "2026-12-24",
    "paid_date": "2026-10-09",
    "bank_account": "HU42117730161111101800000000",
    "bank_name": "Bank Żabi",
    "swift": "OTPVHUHX",
    "vat_exemption_reason": 1,
    "sale_type": "merchandise",
    "document_markings_ids": ["3"],
    "transaction_kind_id": 4,
    "bdo_code": "000009876",
    "receipt_number": "P-55",
    "vat_exchange_date_kind": "vat",
    "sales_kind": "srodki_trwale",
}

SALE: Json = {
    "paid_price": 100,
    "sale_date": "2026-11-01",
    "vat_date_value": "issue_date",
    "continuous_service_start_on": "2026-10-01",
    "continuous_service_end_on": "2026-10-31",
    "occasional_sale": True,
    "invoice_date_kind": "continuous_service_end_on",
    "building_service": True,
    "local_government_seller_address": UNIT | {"nip": None, "flat_number": None},
}
"""What VAT invoices, corrections and final invoices have, and advances have not."""

OTHER_SALE: Json = {
    "paid_price": 200,
    "sale_date": "2026-10-04",
    "vat_date_value": "paid_date",
    "continuous_service_start_on": "2026-09-01",
    "continuous_service_end_on": "2026-09-30",
    "invoice_date_kind": "service_date",
}

CORRECTION: Json = {
    "corrected_invoice_number": "7/2020",
    "corrected_invoice_date": "2020-01-07",
    "confirmation": True,
    "confirmation_date": "2026-11-20",
    "correction_reason": "mistake",
    "check_correction_obligation": True,
}

OTHER_CORRECTION: Json = {
    "corrected_invoice_number": "8/2020",
    "corrected_invoice_date": "2020-02-08",
    "confirmation": False,
    "confirmation_date": "2026-11-18",
    "correction_reason": "other",
    "check_correction_obligation": False,
}

CONSUMER: Json = {
    "number": "OSS 7",
    "country": "FR",
    "client_email": "elise@example.com",
    "client_first_name": "Élise",
    "client_last_name": "Moreau",
    "client_street": "rue des Pommiers",
    "client_street_number": "12",
    "client_flat_number": "4",
    "client_post_code": "69002",
    "client_city": "Lyon",
    "service_date": "2026-11-03",
    "issue_date": "2026-11-02",
    "payment_date": "2026-11-30",
    "service_type": "broadcasting",
    "service_place_primary": "Lyon",
    "service_place_secondary": "IP 203.0.113.7",
    "currency": "PLN",
    "seller_signature": "Anna Nowak",
    "recipient_signature": "É. Moreau",
    "notes": "Dziękujemy",
    "advance_price": 100,
    "sale_type": "merchandise",
}
"""What OSS invoices and their corrections have."""

OTHER_CONSUMER: Json = {
    "number": "OSS 8",
    "country": "AT",
    "client_email": "anna@example.com",
    "client_first_name": "Anna",
    "client_last_name": "Gruber",
    "client_street": "Ringstraße",
    "client_street_number": "7",
    "client_flat_number": "1",
    "client_post_code": "1010",
    "client_city": "Wien",
    "service_date": "2026-10-04",
    "issue_date": "2026-10-05",
    "payment_date": "2026-12-24",
    "service_type": "telecommunications",
    "service_place_primary": "Wien",
    "service_place_secondary": "SIM +43",
    "currency": "CZK",
    "seller_signature": "Piotr Lis",
    "recipient_signature": "A. Gruber",
    "notes": "Polecamy się",
    "advance_price": 200,
    "sale_type": "service",
}

CORRECTED: Json = {
    "corrected_invoice_number": "7/OSS/2020",
    "corrected_invoice_date": "2020-01-07",
    "correction_reason": "mistake",
}

OTHER_CORRECTED: Json = {
    "corrected_invoice_number": "8/OSS/2020",
    "corrected_invoice_date": "2020-02-08",
    "correction_reason": "other",
}

ORDER: Json = {"client_days_to_payment": 30, "client_notes": "płaci późno"}
OTHER_ORDER: Json = {"client_days_to_payment": 5, "client_notes": "stały odbiorca"}

SAMPLES: dict[str, tuple[Json, Json]] = {
    "client": (CLIENT, OTHER_CLIENT),
    "product": (PRODUCT, OTHER_PRODUCT),
    "bank_account": (BANK_ACCOUNT, OTHER_BANK_ACCOUNT),
    "invoice": (
        DOCUMENT | SALE | {"kind": "proforma", "status": "paid", "third_party_addresses": [PARTY]},
        OTHER_DOCUMENT | OTHER_SALE | {"kind": "vat", "status": "printed"},
    ),
    "corrective_invoice": (
        DOCUMENT | SALE | CORRECTION | {"status": "paid", "third_party_addresses": [PARTY]},
        OTHER_DOCUMENT | OTHER_SALE | OTHER_CORRECTION | {"status": "printed"},
    ),
    "advance_invoice": (
        DOCUMENT | ORDER | {"advance_price": 40000, "advance_date": "2026-11-01", "third_party_addresses": [PARTY]},
        OTHER_DOCUMENT | OTHER_ORDER | {"advance_price": 3000, "advance_date": "2026-10-04"},
    ),
    "final_invoice": (
        DOCUMENT | SALE | ORDER | {"third_party_addresses": [PARTY]},
        OTHER_DOCUMENT | OTHER_SALE | OTHER_ORDER,
    ),
    "margin_invoice": (
        DOCUMENT | SALE | {"margin_kind": "travel_agencies", "third_party_addresses": [PARTY]},
        OTHER_DOCUMENT | OTHER_SALE | {"margin_kind": "works_of_art"},
    ),
    **PAPERS,
    "oss_invoice": (CONSUMER, OTHER_CONSUMER),
    "corrective_oss_invoice": (CONSUMER | CORRECTED, OTHER_CONSUMER | OTHER_CORRECTED),
}
"""By wrapper key: what one record has, and what another has that differs in every attribute."""


def service(net: int = 10000, **values: Any) -> Json:
    return {"name": "Usługa", "tax_symbol": "23", "unit_net_price": net} | values


RESOLD: Json = {"name": "Rower", "gross_with_margin_amount_price": 12300, "margin_amount_price": 2300}
"""A line of a margin invoice."""

CONSUMED: Json = {"name": "E-book", "tax_rate": 19, "unit_net_price": 10000}
"""A line of an OSS invoice."""

CONSUMED_LINE: Json = {
    "name": "Usługa",
    "unit": "godz.",
    "quantity": 2.5,
    "unit_net_price": 4938,
    "tax_rate": 5.5,
    "additional_price": 300,
    "flat_rate_tax_symbol": "8.5",
}
"""All that is said of one."""

BOUGHT: Json = {
    "country": "DE",
    "client_first_name": "Jürgen",
    "client_last_name": "Groß",
    "service_type": "electronic",
    "service_place_primary": "Berlin",
    "currency": "EUR",
    "sale_type": "service",
}
"""What an OSS document cannot be without."""


def pair(before: Json, after: Json) -> list[Json]:
    """The two rows of a correction."""
    return [before | {"group": 1, "correction": False}, after | {"group": 1, "correction": True}]


LEAST: dict[str, Json] = {
    "client": {"company_name": "Gęśl"},
    "product": {"name": "Rower", "tax_symbol": "23"},
    "bank_account": {"bank_name": "Bank B", "account_number": "61109010140000071219812874"},
    "invoice": {"client_company_name": "Gęśl", "payment_method": "cash", "services": [service()]},
    "corrective_invoice": {
        "client_company_name": "Gęśl",
        "payment_method": "cash",
        "corrected_invoice_number": "5/2020",
        "services": pair(service(), service(9000)),
    },
    "advance_invoice": {
        "client_company_name": "Gęśl",
        "payment_method": "cash",
        "advance_price": 5000,
        "services": [service()],
    },
    "final_invoice": {"payment_method": "cash"},
    "margin_invoice": {
        "client_company_name": "Gęśl",
        "payment_method": "cash",
        "margin_kind": "second_hand_goods",
        "services": [RESOLD],
    },
    **ENTRIES,
    "oss_invoice": BOUGHT | {"services": [CONSUMED]},
    "corrective_oss_invoice": BOUGHT
    | {
        "corrected_invoice_number": "5/OSS/2020",
        "corrected_invoice_date": "2020-05-05",
        "correction_reason": "other",
        "services": pair(CONSUMED, CONSUMED | {"quantity": 0}),
    },
}
"""What is enough for a create; a final invoice also names the advance before it."""

INSIDE: dict[str, Json] = {
    "services": service(),
    "third_party_addresses": {"company_name": "Odbiorca", "role_code": "2"},
    "local_government_recipient_address": UNIT,
    "local_government_seller_address": UNIT,
}
"""What is enough for each that lies inside a document."""


def least_inside(noun: str, name: str) -> Json:
    lines = LINES | {"margin_invoice": RESOLD, "oss_invoice": CONSUMED, "corrective_oss_invoice": CONSUMED}
    return lines.get(noun, INSIDE[name]) if name == "services" else INSIDE[name]


def inside(noun: str, name: str, values: Json, leaving_out: str = "") -> Any:
    """The attribute of a document that holds one with these values."""
    one = {key: value for key, value in (least_inside(noun, name) | values).items() if key != leaving_out}
    if name.startswith("local_government"):
        return one
    return pair(one, one) if noun.startswith("corrective") and name == "services" else [one]


def samples(noun: str) -> list[Json]:
    """All that can be said of one, all said otherwise, and nothing."""
    full, other = SAMPLES[noun]
    if noun.endswith("invoice") and noun not in PAPERS:
        full = full | {"services": inside(noun, "services", CONSUMED_LINE if "oss" in noun else LINE)}
        prices = {"unit_net_price": 20000, "gross_with_margin_amount_price": 24600}
        other = other | {"services": inside(noun, "services", prices)}
    return [full, other, {}]
