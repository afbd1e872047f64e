"""First tables."""

import sqlalchemy as sa
from alembic import op

from faktura.store import columns
from faktura.store.migrations.engines import on_postgresql, on_sqlite

revision = "0001_first_tables"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("full_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("country", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("invoice_email", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("phone", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("web", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("registration_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("local_vat_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("register_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("vat_price_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("vat_rate", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("street", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("city", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("postcode", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("logo_url", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("logo", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("colour", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("unit_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("footer_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("invoice_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("due_days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("invoice_language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("payment_method", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("proforma_by_default", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("hide_bank_account_for", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("fixed_exchange_rate", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("selfbilling", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("estimate_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("reminders", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("send_invoice_from_proforma_email", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("send_thank_you_email", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("check_e_invoices", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("paypal_enabled", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("gopay_enabled", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("payment_page", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("extraction_enabled", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("extraction_automatic", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("extractions_remaining", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("update_contacts_from_registry", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("vat_code_eu_goods", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_code_eu_services", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_code_abroad", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_code_reverse_charge", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("electronic_scheme", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("electronic_address", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("e_invoice_profile", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("attach_isdoc", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("embed_isdoc", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("attach_ubl", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("plan_price", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan_paid_users", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_limit", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("requests_per_minute", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("mails_per_hour", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("print_seconds_per_hour", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("blocked", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("unpaid_invoices", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("listeners", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("slug", name=op.f("uq_accounts_slug")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("scopes", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("used_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_keys_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_keys_user_id"), ["user_id"], unique=False)

    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("secret_hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("redirect_uris", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("client_id", name=op.f("uq_applications_client_id")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_user_id"), ["user_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filename", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("content_type", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachments_account_id_kind_document_id"),
            ["account_id", "kind", "document_id"],
            unique=False,
        )

    op.create_table(
        "bank_accounts",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("iban", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bic", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("pairing", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("expense_pairing", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("payment_adjustment", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("default", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("bank_name", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_bank_accounts")),
    )
    with op.batch_alter_table("bank_accounts", schema=None) as batch_op:
        batch_op.create_index("ix_bank_accounts_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "batch_parts",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("whole", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_batch_parts")),
        sa.UniqueConstraint(
            "account_id",
            "batch_id",
            "whole",
            "file",
            "place",
            name=op.f("uq_batch_parts_account_id_batch_id_whole_file_place"),
        ),
    )
    with op.batch_alter_table("batch_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_parts_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "batch_results",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("expense_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("refused", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("problem", columns.Json(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_batch_results")),
        sa.UniqueConstraint(
            "account_id", "batch_id", "document_id", name=op.f("uq_batch_results_account_id_batch_id_document_id")
        ),
        sa.UniqueConstraint(
            "account_id", "batch_id", "expense_id", name=op.f("uq_batch_results_account_id_batch_id_expense_id")
        ),
    )
    with op.batch_alter_table("batch_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_results_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "batches",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("verb", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document_ids", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("given", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("expense_ids", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "bulk_prints",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document_ids", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("paper_ids", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_bulk_prints")),
        sa.UniqueConstraint("account_id", "token", name=op.f("uq_bulk_prints_account_id_token")),
    )
    with op.batch_alter_table("bulk_prints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_prints_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "calls_of_months",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("calls", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_calls_of_months")),
        sa.UniqueConstraint("account_id", "month", name=op.f("uq_calls_of_months_account_id_month")),
    )
    op.create_table(
        "checks",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("registry", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("said", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("checked_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("proof", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_checks")),
    )
    with op.batch_alter_table("checks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checks_account_id_contact_id_id"),
            ["account_id", "contact_id", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_checks_account_id_kind_document_id_id"),
            ["account_id", "kind", "document_id", "id", "version"],
            unique=False,
            sqlite_where=sa.text("document_id IS NOT NULL"),
            postgresql_where=sa.text("document_id IS NOT NULL"),
        )

    op.create_table(
        "contact_links",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("opened_on", sa.Date(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_contact_links")),
        sa.UniqueConstraint("account_id", "hash", name=op.f("uq_contact_links_account_id_hash")),
    )
    with op.batch_alter_table("contact_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_links_account_id_contact_id"), ["account_id", "contact_id"], unique=False
        )

    op.create_table(
        "contacts",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("custom_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("created_by", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("role", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("activity_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("first_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("last_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("full_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("email", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("email_copy", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("phone", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("web", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("street", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("street_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("flat_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("city", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("postcode", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("country", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("has_delivery_address", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("delivery_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_street", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_city", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_postcode", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_country", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("mailing_as_main", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("mailing_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("mailing_street", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("mailing_city", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("mailing_postcode", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("receiver", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("due_days", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("private_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("payment_method", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("invoice_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("registration_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tax_digits", sa.Text(), autoincrement=False, nullable=True),
        sa.Column(
            "sought_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("local_vat_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("unreliable", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("unreliable_checked_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("legal_form", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_mode", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bank_account", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("iban", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bic", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("variable_symbol", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("update_from_registry", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("attach_invoice_pdf", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("attach_estimate_pdf", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("electronic_scheme", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("electronic_address", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_reference", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("e_invoice_profile", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("attach_isdoc", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("embed_isdoc", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("attach_ubl", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("send_reminders", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("send_due_date_reminders", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("suggested", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("custom_email_text", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("overdue_email_text", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("due_date_reminder_email_text", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("invoice_from_proforma_email_text", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("thank_you_email_text", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("custom_estimate_email_text", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("invoice_history", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("account_id", "custom_id", name=op.f("uq_contacts_account_id_custom_id")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contacts_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_account_id_name_id_version"), ["account_id", "name", "id", "version"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_account_id_sought_name_id_version"),
            ["account_id", "sought_name", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_account_id_tax_digits_name_id_version"),
            ["account_id", "tax_digits", "name", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_account_id_updated_at"), ["account_id", "updated_at"], unique=False
        )
        batch_op.create_index("ix_contacts_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("idempotency_key", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("about", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("next_try_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("attempts", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("account_id", "idempotency_key", name=op.f("uq_deliveries_account_id_idempotency_key")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliveries_account_id_subscription_id_id"),
            ["account_id", "subscription_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_account_id_subscription_id_state_id"),
            ["account_id", "subscription_id", "state", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_account_id_subscription_id_updated_at"),
            ["account_id", "subscription_id", "updated_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_deliveries_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("typed", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("customer", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("changes_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("issued_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_drafts_account_id_issued_id_updated_at"),
            ["account_id", "issued_id", "updated_at"],
            unique=False,
        )

    op.create_table(
        "exchange_rates",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("bank", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("valid_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("worth", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint("bank", "currency", "valid_on", name=op.f("uq_exchange_rates_bank_currency_valid_on")),
    )
    op.create_table(
        "expenses",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("custom_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("due_days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("footer_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("private_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("order_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tags", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("tag_lines", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("payment_method", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("custom_payment_method", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bank_account_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("bank_account", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bank_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("iban", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bic", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("iban_visibility", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hide_bank_account", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("paypal", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("gopay", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("show_paid_note", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("exchange_rate", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("exchange_rate_given", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("price_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("tally", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("round_total", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("reverse_charge", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("supply_code", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("oss", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lines", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("line_texts", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("seller", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("native_currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number_format_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("period", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("counter", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("variable_symbol", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("issued_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("taxable_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("due_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("sale_date_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("service_from", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("service_until", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("sent_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("printed_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("paid_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("cancelled_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("uncollectible_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("locked_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("net_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("vat_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("gross_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("rounding", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("native_net_total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("native_gross_total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("deducted", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("remaining_amount", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("native_remaining_amount", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("paid_amount", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("left_to_pay", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("advance_amount", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("vat_sums", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("margin_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("margin_vat_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("corrected_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("correction_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("related_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("previous_advance_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("payments", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("deductions", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("previous_advances", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("next_advances", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("attachments", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("progress", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("original_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("original_uuid", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("description", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("received_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("remind_due", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("deductible_percent", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tax_deductible", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("own_vat_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reading", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("reading_asked_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("reading_ended_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("paper", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("told", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("unread", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("seller_tax_digits", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("source", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("added_by_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("category", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("accounting", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("accounted_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("notes", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("standing", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("ksef_number", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_expenses")),
        sa.UniqueConstraint(
            "account_id",
            "number_format_id",
            "period",
            "counter",
            name=op.f("uq_expenses_account_id_number_format_id_period_counter"),
        ),
        sa.UniqueConstraint("account_id", "uuid", name=op.f("uq_expenses_account_id_uuid")),
    )
    with op.batch_alter_table("expenses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_category_progress_id"),
            ["account_id", "category", "progress", "id", "version", "standing"],
            unique=False,
            sqlite_where=sa.text("category IS NOT NULL"),
            postgresql_where=sa.text("category IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_contact_id_progress_id"),
            ["account_id", "contact_id", "progress", "id", "version", "status", "kind"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_custom_id_progress_id"),
            ["account_id", "custom_id", "progress", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_kind_progress_id"),
            ["account_id", "kind", "progress", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_kind_status_progress_id"),
            ["account_id", "kind", "status", "progress", "id", "version", "contact_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_ksef_number"),
            ["account_id", "ksef_number"],
            unique=False,
            sqlite_where=sa.text("ksef_number IS NOT NULL"),
            postgresql_where=sa.text("ksef_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_number_progress_id"),
            ["account_id", "number", "progress", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_original_number_contact_id"),
            ["account_id", "original_number", "contact_id"],
            unique=False,
            sqlite_where=sa.text("original_number IS NOT NULL"),
            postgresql_where=sa.text("original_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_original_uuid"),
            ["account_id", "original_uuid"],
            unique=False,
            sqlite_where=sa.text("original_uuid IS NOT NULL"),
            postgresql_where=sa.text("original_uuid IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_progress_due_on_number_id"),
            ["account_id", "progress", "due_on", "number", "id", "version", "kind", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_progress_gross_total_number_id"),
            ["account_id", "progress", "gross_total", "number", "id", "version", "kind", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_progress_id"),
            [
                "account_id",
                "progress",
                "id",
                "version",
                "reading",
                "source",
                "currency",
                "net_total",
                "vat_total",
                "received_on",
                "category",
                "accounted_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_progress_issued_on_number_id"),
            [
                "account_id",
                "progress",
                "issued_on",
                "number",
                "id",
                "version",
                "kind",
                "status",
                "due_on",
                "gross_total",
                "source",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_seller_tax_digits"),
            ["account_id", "seller_tax_digits"],
            unique=False,
            sqlite_where=sa.text("seller_tax_digits IS NOT NULL"),
            postgresql_where=sa.text("seller_tax_digits IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_standing_id"), ["account_id", "standing", "id", "version"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_status_due_on"),
            [
                "account_id",
                "status",
                "due_on",
                "version",
                "progress",
                "kind",
                "number",
                "id",
                "issued_on",
                "gross_total",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_status_progress_id"),
            ["account_id", "status", "progress", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_updated_at"), ["account_id", "updated_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expenses_account_id_variable_symbol_progress_id"),
            ["account_id", "variable_symbol", "progress", "id", "version"],
            unique=False,
        )

    op.create_table(
        "expenses_sums",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day_of", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("progress", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "account_id", "day_of", "day", "progress", "kind", "status", name=op.f("pk_expenses_sums")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "file_checks",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("filename", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("findings", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_file_checks")),
    )
    with op.batch_alter_table("file_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_checks_account_id_state"), ["account_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_checks_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "first_secrets",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_secrets")),
        sa.UniqueConstraint("hash", name=op.f("uq_first_secrets_hash")),
    )
    op.create_table(
        "generators",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("custom_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("due_days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("footer_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("private_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("order_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tags", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("tag_lines", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("payment_method", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("custom_payment_method", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bank_account_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("bank_account", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bank_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("iban", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bic", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("iban_visibility", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hide_bank_account", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("paypal", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("gopay", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("show_paid_note", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("exchange_rate", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("exchange_rate_given", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("price_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("tally", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("round_total", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("reverse_charge", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("supply_code", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("oss", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lines", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("line_texts", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("proforma", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("number_format_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("taxed_at_end_of_last_month", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("net_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("gross_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("rounding", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("native_net_total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("native_gross_total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("recurring", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("active", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("start_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("end_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("months", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("on_last_day", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("send_email", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("failed_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_generators")),
    )
    with op.batch_alter_table("generators", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_generators_account_id_contact_id_recurring_id"),
            ["account_id", "contact_id", "recurring", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_generators_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_generators_account_id_next_on_id"),
            ["account_id", "next_on", "id", "active"],
            unique=False,
            sqlite_where=sa.text("next_on IS NOT NULL"),
            postgresql_where=sa.text("next_on IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_generators_account_id_recurring_id"),
            ["account_id", "recurring", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_generators_account_id_updated_at"), ["account_id", "updated_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_generators_next_on"),
            ["next_on"],
            unique=False,
            sqlite_where=sa.text("next_on IS NOT NULL"),
            postgresql_where=sa.text("next_on IS NOT NULL"),
        )

    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("password_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("used_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_user_id"), ["user_id"], unique=False)

    op.create_table(
        "history",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("program", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("way", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("details", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("snapshot", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_history_account_id_contact_id_name_created_at_id"),
            ["account_id", "contact_id", "name", "created_at", "id"],
            unique=False,
            sqlite_where=sa.text("contact_id IS NOT NULL"),
            postgresql_where=sa.text("contact_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_history_account_id_kind_record_id_id"),
            ["account_id", "kind", "record_id", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_history_account_id_name_created_at_id"),
            ["account_id", "name", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_history_account_id_number"),
            ["account_id", "number"],
            unique=False,
            sqlite_where=sa.text("number IS NOT NULL"),
            postgresql_where=sa.text("number IS NOT NULL"),
        )

    op.create_table(
        "invitations",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("permission", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("scopes", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("mailed_hash", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("invited_by", sa.Integer(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("account_id", "email", name=op.f("uq_invitations_account_id_email")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_hash"), ["hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_mailed_hash"), ["mailed_hash"], unique=False)
        batch_op.create_index("ix_invitations_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "invoices",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("custom_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("due_days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("footer_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("private_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("order_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tags", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("tag_lines", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("payment_method", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("custom_payment_method", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bank_account_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("bank_account", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bank_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("iban", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bic", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("iban_visibility", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hide_bank_account", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("paypal", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("gopay", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("show_paid_note", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("exchange_rate", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("exchange_rate_given", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("price_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("tally", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("round_total", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("reverse_charge", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("supply_code", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("oss", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lines", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("line_texts", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("seller", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("native_currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number_format_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("period", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("counter", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("variable_symbol", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("issued_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("taxable_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("due_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("sale_date_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("service_from", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("service_until", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("sent_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("printed_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("paid_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("cancelled_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("uncollectible_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("locked_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("net_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("vat_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("gross_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("rounding", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("native_net_total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("native_gross_total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("deducted", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("remaining_amount", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("native_remaining_amount", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("paid_amount", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("left_to_pay", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("advance_amount", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("vat_sums", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("margin_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("margin_vat_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("corrected_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("correction_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("related_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("previous_advance_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("payments", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("deductions", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("previous_advances", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("next_advances", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("attachments", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("buyer_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("buyer_uuid", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_email", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_phone", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_contact_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_custom_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_activity_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_first_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_last_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_street", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_street_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_flat_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_city", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_postcode", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_country", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_registration_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_vat_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_tax_digits", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_local_vat_no", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_electronic_scheme", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_electronic_address", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_reference", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("has_delivery_address", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("delivery_name", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_street", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_city", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_postcode", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("delivery_country", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_due_days", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("buyer_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("reminded_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("last_reminded_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("due_date_reminded_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("reminders_off", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("seen_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("follow_up", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("generator_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("corrected_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("corrected_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("corrected_uuid", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("corrected_gross_total", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("correction_reason", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("correction_confirmed", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("correction_confirmed_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("correction_obliging", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("sale_date_before", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("service_from_before", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("service_until_before", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("split_payment", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("split_payment_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("buyer_signature", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("seller_signature", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_date_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("occasional_sale", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("vat_exemption", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("sale_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("sales_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("building_service", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("document_markings", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("transaction_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("bdo_code", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("receipt_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("not_income", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("exchange_date_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("margin_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("oss_service", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("supply_place", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("supply_place_secondary", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("transaction_terms", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("third_parties", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("recipient_unit", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("seller_unit", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("ksef_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("ksef", columns.Json(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_invoices")),
        sa.UniqueConstraint(
            "account_id",
            "number_format_id",
            "period",
            "counter",
            name=op.f("uq_invoices_account_id_number_format_id_period_counter"),
        ),
        sa.UniqueConstraint("account_id", "uuid", name=op.f("uq_invoices_account_id_uuid")),
    )
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_buyer_name_number_id"),
            [
                "account_id",
                "buyer_name",
                "number",
                "id",
                "version",
                "kind",
                "status",
                "currency",
                "left_to_pay",
                "issued_on",
                "due_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_buyer_tax_digits"),
            ["account_id", "buyer_tax_digits"],
            unique=False,
            sqlite_where=sa.text("buyer_tax_digits IS NOT NULL"),
            postgresql_where=sa.text("buyer_tax_digits IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_contact_id_issued_on_number_id"),
            [
                "account_id",
                "contact_id",
                "issued_on",
                "number",
                "id",
                "version",
                "kind",
                "status",
                "due_on",
                "paid_on",
                "currency",
                "net_total",
                "gross_total",
                "left_to_pay",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_custom_id"),
            ["account_id", "custom_id"],
            unique=False,
            sqlite_where=sa.text("custom_id IS NOT NULL"),
            postgresql_where=sa.text("custom_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_due_on_number_id"),
            [
                "account_id",
                "due_on",
                "number",
                "id",
                "version",
                "kind",
                "status",
                "currency",
                "left_to_pay",
                "issued_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_generator_id_issued_on_number_id"),
            ["account_id", "generator_id", "issued_on", "number", "id"],
            unique=False,
            sqlite_where=sa.text("generator_id IS NOT NULL"),
            postgresql_where=sa.text("generator_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_gross_total_number_id"),
            [
                "account_id",
                "gross_total",
                "number",
                "id",
                "version",
                "kind",
                "status",
                "currency",
                "left_to_pay",
                "issued_on",
                "net_total",
                "due_on",
                "buyer_name",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_issued_on_number_id_kind_version"),
            [
                "account_id",
                "issued_on",
                "number",
                "id",
                "kind",
                "version",
                "currency",
                "net_total",
                "gross_total",
                "left_to_pay",
                "native_gross_total",
                "native_currency",
                "cancelled_at",
                "status",
                "due_on",
                "taxable_on",
                "buyer_name",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_kind_issued_on_number_id"),
            [
                "account_id",
                "kind",
                "issued_on",
                "number",
                "id",
                "version",
                "status",
                "due_on",
                "buyer_name",
                "gross_total",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_ksef_number"),
            ["account_id", "ksef_number"],
            unique=False,
            sqlite_where=sa.text("ksef_number IS NOT NULL"),
            postgresql_where=sa.text("ksef_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_number_id"),
            [
                "account_id",
                "number",
                "id",
                "version",
                "kind",
                "status",
                "currency",
                "left_to_pay",
                "issued_on",
                "due_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_paid_on"),
            [
                "account_id",
                "paid_on",
                "kind",
                "status",
                "left_to_pay",
                "currency",
                "due_on",
                "version",
                "issued_on",
                "number",
                "id",
                "buyer_name",
                "gross_total",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_stage_issued_on_number_id"),
            ["account_id", "stage", "issued_on", "number", "id", "version", "kind"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_status_issued_on_number_id"),
            [
                "account_id",
                "status",
                "issued_on",
                "number",
                "id",
                "version",
                "kind",
                "due_on",
                "left_to_pay",
                "currency",
                "contact_id",
                "buyer_name",
                "gross_total",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_updated_at"), ["account_id", "updated_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invoices_account_id_variable_symbol"), ["account_id", "variable_symbol"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_invoices_token"), ["token"], unique=False)

    op.create_table(
        "invoices_sums",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day_of", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("native_currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("left_to_pay_gt", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("cancelled_at_null", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("net_total_whole", sa.BigInteger(), nullable=False),
        sa.Column("net_total_rest", sa.BigInteger(), nullable=False),
        sa.Column("gross_total_whole", sa.BigInteger(), nullable=False),
        sa.Column("gross_total_rest", sa.BigInteger(), nullable=False),
        sa.Column("left_to_pay_whole", sa.BigInteger(), nullable=False),
        sa.Column("left_to_pay_rest", sa.BigInteger(), nullable=False),
        sa.Column("native_gross_total_whole", sa.BigInteger(), nullable=False),
        sa.Column("native_gross_total_rest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "account_id",
            "day_of",
            "day",
            "kind",
            "status",
            "currency",
            "native_currency",
            "left_to_pay_gt",
            "cancelled_at_null",
            name=op.f("pk_invoices_sums"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "jobs",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("arguments", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("waits_until", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("attempts", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_error", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("in_order", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_jobs_account_id_in_order_id"),
            ["account_id", "in_order", "id"],
            unique=False,
            sqlite_where=sa.text("in_order IS NOT NULL"),
            postgresql_where=sa.text("in_order IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_jobs_name_account_id_waits_until_id"),
            ["name", "account_id", "waits_until", "id"],
            unique=False,
        )

    op.create_table(
        "kept_answers",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("client_key", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("location", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("content_type", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_kept_answers")),
        sa.UniqueConstraint("account_id", "client_key", name=op.f("uq_kept_answers_account_id_client_key")),
    )
    with op.batch_alter_table("kept_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answers_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "ksef_collectives",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("ksef_numbers", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("identifier", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("problem", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_ksef_collectives")),
        sa.UniqueConstraint("account_id", "reference", name=op.f("uq_ksef_collectives_account_id_reference")),
    )
    with op.batch_alter_table("ksef_collectives", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ksef_collectives_account_id_identifier"),
            ["account_id", "identifier"],
            unique=False,
            sqlite_where=sa.text("identifier IS NOT NULL"),
            postgresql_where=sa.text("identifier IS NOT NULL"),
        )

    op.create_table(
        "ksef_connections",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("environment", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("api_url", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("qr_url", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("status_url", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("tax_no", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("method", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("token", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("certificate", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("private_key", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("certificate_until", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("refresh_token", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("refresh_until", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("offline_certificate", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("offline_key", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("offline_until", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("rights", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("active", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("last_error", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("checked_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("send_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("send_delay", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offline_allowed", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("receive", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("receive_every", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("marks", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("incomes_fetched_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("costs_fetched_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("limits", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("enrolment_ref", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("enrolment_key", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("enrolment_for", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("enrolment_error", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_ksef_connections")),
        sa.UniqueConstraint("account_id", name=op.f("uq_ksef_connections_account_id")),
    )
    op.create_table(
        "ksef_paces",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sort", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("taken", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ksef_paces")),
        sa.UniqueConstraint("subject", "sort", name=op.f("uq_ksef_paces_subject_sort")),
    )
    op.create_table(
        "ksef_received",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("environment", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("ksef_number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("side", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("issued_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("stored_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("metadata", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("xml", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("expense_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_ksef_received")),
        sa.UniqueConstraint(
            "account_id", "environment", "ksef_number", name=op.f("uq_ksef_received_account_id_environment_ksef_number")
        ),
    )
    with op.batch_alter_table("ksef_received", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ksef_received_account_id_environment_side_issued_on_id"),
            ["account_id", "environment", "side", "issued_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ksef_received_account_id_expense_id"),
            ["account_id", "expense_id"],
            unique=False,
            sqlite_where=sa.text("expense_id IS NOT NULL"),
            postgresql_where=sa.text("expense_id IS NOT NULL"),
        )

    op.create_table(
        "ksef_rests",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("until", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("seconds", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ksef_rests")),
        sa.UniqueConstraint("subject", name=op.f("uq_ksef_rests_subject")),
    )
    op.create_table(
        "ksef_sendings",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("invoice_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("environment", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("xml", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("not_before", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("next_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("live_invoice_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("accepted_as", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("session_ref", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("invoice_ref", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("polls", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("text", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("details", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("ksef_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("upo", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("sent_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("finished_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("deadline", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("corrected_digest", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("letter", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("aside", columns.Json(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_ksef_sendings")),
        sa.UniqueConstraint("account_id", "accepted_as", name=op.f("uq_ksef_sendings_account_id_accepted_as")),
        sa.UniqueConstraint("account_id", "live_invoice_id", name=op.f("uq_ksef_sendings_account_id_live_invoice_id")),
        sa.UniqueConstraint("account_id", "uuid", name=op.f("uq_ksef_sendings_account_id_uuid")),
    )
    with op.batch_alter_table("ksef_sendings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ksef_sendings_account_id_invoice_id_id"), ["account_id", "invoice_id", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ksef_sendings_account_id_ksef_number"),
            ["account_id", "ksef_number"],
            unique=False,
            sqlite_where=sa.text("ksef_number IS NOT NULL"),
            postgresql_where=sa.text("ksef_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_ksef_sendings_account_id_state_id"), ["account_id", "state", "id"], unique=False
        )

    op.create_table(
        "ksef_services",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("status_url", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("read_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("outages", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ksef_services")),
        sa.UniqueConstraint("status_url", name=op.f("uq_ksef_services_status_url")),
    )
    op.create_table(
        "links",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("sort", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("from_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("from_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("to_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("amount", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("parts", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("payment_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_links_account_id_from_kind_from_id"), ["account_id", "from_kind", "from_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_links_account_id_to_kind_to_id"), ["account_id", "to_kind", "to_id"], unique=False
        )

    op.create_table(
        "logos",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("media_type", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_logos")),
        sa.UniqueConstraint("account_id", name=op.f("uq_logos_account_id")),
    )
    with op.batch_alter_table("logos", schema=None) as batch_op:
        batch_op.create_index("ix_logos_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("permission", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("scopes", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("shut_out", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("account_id", "user_id", name=op.f("uq_memberships_account_id_user_id")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index("ix_memberships_page", ["account_id", "id", "version"], unique=False)
        batch_op.create_index(batch_op.f("ix_memberships_user_id"), ["user_id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("recipient", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("copy", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("print_as", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("e_invoices", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("left_out", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unknown", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("sent_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_messages_account_id_kind_document_id_id"),
            ["account_id", "kind", "document_id", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_messages_account_id_updated_at"), ["account_id", "updated_at"], unique=False
        )

    op.create_table(
        "number_formats",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("pattern", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("default", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("archived", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_number_formats")),
    )
    with op.batch_alter_table("number_formats", schema=None) as batch_op:
        batch_op.create_index("ix_number_formats_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("number_format_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_number_series")),
        sa.UniqueConstraint(
            "account_id", "number_format_id", "period", name=op.f("uq_number_series_account_id_number_format_id_period")
        ),
    )
    op.create_table(
        "numbers_left_out",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("number_format_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_numbers_left_out")),
    )
    with op.batch_alter_table("numbers_left_out", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_numbers_left_out_account_id_number_format_id_period"),
            ["account_id", "number_format_id", "period"],
            unique=False,
        )

    op.create_table(
        "papers",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number_format_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("period", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("counter", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("issued_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("taxable_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("transaction_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("classification", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_exemption", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("description", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_mode", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lines", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("line_texts", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("quantity", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("unit_price", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("net_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("vat_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("gross_total", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("vat_sums", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_papers")),
        sa.UniqueConstraint(
            "account_id",
            "number_format_id",
            "period",
            "counter",
            name=op.f("uq_papers_account_id_number_format_id_period_counter"),
        ),
        sa.UniqueConstraint("account_id", "uuid", name=op.f("uq_papers_account_id_uuid")),
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_papers_account_id_kind_gross_total_id"),
            ["account_id", "kind", "gross_total", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_papers_account_id_kind_id"), ["account_id", "kind", "id", "version"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_papers_account_id_kind_issued_on_id"),
            ["account_id", "kind", "issued_on", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_papers_account_id_kind_number_id"),
            ["account_id", "kind", "number", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_papers_account_id_kind_stage_id"),
            ["account_id", "kind", "stage", "id", "version"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_papers_account_id_number"), ["account_id", "number"], unique=False)

    op.create_table(
        "password_resets",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("hash", name=op.f("uq_password_resets_hash")),
    )
    with op.batch_alter_table("password_resets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_resets_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_password_resets_user_id"), ["user_id"], unique=False)

    op.create_table(
        "payment_links",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_payment_links")),
        sa.UniqueConstraint(
            "account_id", "kind", "document_id", name=op.f("uq_payment_links_account_id_kind_document_id")
        ),
    )
    op.create_table(
        "products",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("vat_treatment", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("vat_rate", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("lump_sum_rate", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("pkwiu", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("cn", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("pkob", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("gtu", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("quantity", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("unit_net_price_before_discount", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("discount", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("unit_net_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("net_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("gross_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("purchase_unit_net_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("purchase_unit_gross_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column(
            "sought_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sku", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("article_number_type", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("article_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("supply_type", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("suggested_for", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("private_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("archived", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("retail_prices", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("track_quantity", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("min_quantity", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("max_quantity", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("allow_below_zero", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("stock", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("bought", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("bought_value", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("average_purchase_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("last_purchase_price", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("low_since", sa.Date(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_products")),
        sa.UniqueConstraint("account_id", "sku", name=op.f("uq_products_account_id_sku")),
    )
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_products_account_id_archived_id"), ["account_id", "archived", "id", "version"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_products_account_id_article_number"),
            ["account_id", "article_number"],
            unique=False,
            sqlite_where=sa.text("article_number IS NOT NULL"),
            postgresql_where=sa.text("article_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_products_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_products_account_id_low_since"),
            ["account_id", "low_since"],
            unique=False,
            sqlite_where=sa.text("low_since IS NOT NULL"),
            postgresql_where=sa.text("low_since IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_products_account_id_name_id_version"), ["account_id", "name", "id", "version"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_products_account_id_sought_name_id_version"),
            ["account_id", "sought_name", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_products_account_id_updated_at"), ["account_id", "updated_at"], unique=False
        )
        batch_op.create_index("ix_products_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("deed", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("arguments", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("details", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("program", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("decision", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("decided_by", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("decided_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_proposals_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "registry_answers",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("registry", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("asked_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("fresh_until", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("said", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("proof", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_answers")),
        sa.UniqueConstraint("registry", "question", name=op.f("uq_registry_answers_registry_question")),
    )
    with op.batch_alter_table("registry_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registry_answers_asked_at"), ["asked_at"], unique=False)

    op.create_table(
        "registry_days",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("registry", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("calls", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rests_until", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("failed_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("last_error", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_days")),
        sa.UniqueConstraint("registry", "day", name=op.f("uq_registry_days_registry_day")),
    )
    op.create_table(
        "reminder_texts",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_reminder_texts")),
        sa.UniqueConstraint("account_id", "step", "language", name=op.f("uq_reminder_texts_account_id_step_language")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("password_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("used_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("hash", name=op.f("uq_sessions_hash")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "share_links",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("valid_until", sa.Date(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_share_links")),
        sa.UniqueConstraint(
            "account_id", "kind", "document_id", name=op.f("uq_share_links_account_id_kind_document_id")
        ),
        sa.UniqueConstraint("account_id", "secret", name=op.f("uq_share_links_account_id_secret")),
    )
    op.create_table(
        "side_notes",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("door", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("values", columns.Json(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_side_notes")),
        sa.UniqueConstraint(
            "account_id", "door", "kind", "record_id", name=op.f("uq_side_notes_account_id_door_kind_record_id")
        ),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("forgotten_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("locked_until", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
        sa.UniqueConstraint("hash", name=op.f("uq_sign_in_failures_hash")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failures_forgotten_at"), ["forgotten_at"], unique=False)

    op.create_table(
        "stock_moves",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("moved_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("quantity_change", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("purchase_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("purchase_currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("native_purchase_price", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("native_value", columns.Exact(), autoincrement=False, nullable=False),
        sa.Column("retail_price", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("retail_currency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("native_retail_price", columns.Exact(), autoincrement=False, nullable=True),
        sa.Column("private_note", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("document_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_stock_moves")),
    )
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_moves_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_stock_moves_account_id_document_id_document_kind"),
            ["account_id", "document_id", "document_kind"],
            unique=False,
            sqlite_where=sa.text("document_id IS NOT NULL"),
            postgresql_where=sa.text("document_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_stock_moves_account_id_product_id_direction_moved_on_id"),
            ["account_id", "product_id", "direction", "moved_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stock_moves_account_id_product_id_id"),
            ["account_id", "product_id", "id", "version"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stock_moves_account_id_updated_at"), ["account_id", "updated_at"], unique=False
        )
        batch_op.create_index("ix_stock_moves_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("door", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("grant_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("events", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("api_root", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("web_root", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("authorization", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("active", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("confirmed", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("given_up", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("discreet", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("account_id", "reference", name=op.f("uq_subscriptions_account_id_reference")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriptions_grant_id"), ["grant_id"], unique=False)
        batch_op.create_index("ix_subscriptions_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("door", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("parameters", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sentences", columns.Json(), autoincrement=False, nullable=True),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("account_id", "reference", name=op.f("uq_tasks_account_id_reference")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "todos",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("params", columns.Json(), autoincrement=False, nullable=False),
        sa.Column("done_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_todos")),
    )
    with op.batch_alter_table("todos", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_todos_account_id_done_at_id"), ["account_id", "done_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_todos_account_id_kind_record_id"), ["account_id", "kind", "record_id"], unique=False
        )
        batch_op.create_index("ix_todos_page", ["account_id", "id", "version"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("grant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expires_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("used_at", columns.Moment(), autoincrement=False, nullable=True),
        sa.Column("redirect_uri", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("challenge", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_tokens_grant_id"), ["grant_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("updated_at", columns.Moment(), autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("full_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("default_account_id", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("avatar_url", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("password_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    on_sqlite("CREATE TABLE ids (name TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID")
    on_sqlite(
        "CREATE TABLE removals (account_id INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (account_id, name)) WITHOUT ROWID"
    )
    on_sqlite(
        "CREATE TRIGGER logos_removed AFTER DELETE ON logos BEGIN INSERT INTO removals VALUES (old.account_id, 'logos', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER products_removed AFTER DELETE ON products BEGIN INSERT INTO removals VALUES (old.account_id, 'products', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER memberships_removed AFTER DELETE ON memberships BEGIN INSERT INTO removals VALUES (old.account_id, 'memberships', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER todos_removed AFTER DELETE ON todos BEGIN INSERT INTO removals VALUES (old.account_id, 'todos', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER contacts_removed AFTER DELETE ON contacts BEGIN INSERT INTO removals VALUES (old.account_id, 'contacts', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER bank_accounts_removed AFTER DELETE ON bank_accounts BEGIN INSERT INTO removals VALUES (old.account_id, 'bank_accounts', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER subscriptions_removed AFTER DELETE ON subscriptions BEGIN INSERT INTO removals VALUES (old.account_id, 'subscriptions', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER number_formats_removed AFTER DELETE ON number_formats BEGIN INSERT INTO removals VALUES (old.account_id, 'number_formats', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER stock_moves_removed AFTER DELETE ON stock_moves BEGIN INSERT INTO removals VALUES (old.account_id, 'stock_moves', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER invitations_removed AFTER DELETE ON invitations BEGIN INSERT INTO removals VALUES (old.account_id, 'invitations', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite(
        "CREATE TRIGGER proposals_removed AFTER DELETE ON proposals BEGIN INSERT INTO removals VALUES (old.account_id, 'proposals', 1) ON CONFLICT DO UPDATE SET count = count + 1; END"
    )
    on_sqlite("CREATE VIRTUAL TABLE products_search USING fts5(body, detail=none, columnsize=0, tokenize='trigram')")
    on_sqlite("CREATE VIRTUAL TABLE contacts_search USING fts5(body, detail=none, columnsize=0, tokenize='trigram')")
    on_sqlite("CREATE VIRTUAL TABLE invoices_search USING fts5(body, detail=none, columnsize=0, tokenize='trigram')")
    on_sqlite("CREATE VIRTUAL TABLE expenses_search USING fts5(body, detail=none, columnsize=0, tokenize='trigram')")
    on_postgresql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    on_postgresql("CREATE SEQUENCE jobs_ids AS integer")
    on_postgresql("CREATE SEQUENCE history_ids AS integer")
    on_postgresql("CREATE SEQUENCE accounts_ids AS integer")
    on_postgresql("CREATE SEQUENCE logos_ids AS integer")
    on_postgresql("CREATE SEQUENCE products_ids AS integer")
    on_postgresql("CREATE SEQUENCE first_secrets_ids AS integer")
    on_postgresql("CREATE SEQUENCE users_ids AS integer")
    on_postgresql("CREATE SEQUENCE memberships_ids AS integer")
    on_postgresql("CREATE SEQUENCE todos_ids AS integer")
    on_postgresql("CREATE SEQUENCE contacts_ids AS integer")
    on_postgresql("CREATE SEQUENCE messages_ids AS integer")
    on_postgresql("CREATE SEQUENCE reminder_texts_ids AS integer")
    on_postgresql("CREATE SEQUENCE bank_accounts_ids AS integer")
    on_postgresql("CREATE SEQUENCE kept_answers_ids AS integer")
    on_postgresql("CREATE SEQUENCE side_notes_ids AS integer")
    on_postgresql("CREATE SEQUENCE tasks_ids AS integer")
    on_postgresql("CREATE SEQUENCE invoices_ids AS integer")
    on_postgresql("CREATE SEQUENCE papers_ids AS integer")
    on_postgresql("CREATE SEQUENCE bulk_prints_ids AS integer")
    on_postgresql("CREATE SEQUENCE contact_links_ids AS integer")
    on_postgresql("CREATE SEQUENCE applications_ids AS integer")
    on_postgresql("CREATE SEQUENCE grants_ids AS integer")
    on_postgresql("CREATE SEQUENCE subscriptions_ids AS integer")
    on_postgresql("CREATE SEQUENCE deliveries_ids AS integer")
    on_postgresql("CREATE SEQUENCE attachments_ids AS integer")
    on_postgresql("CREATE SEQUENCE links_ids AS integer")
    on_postgresql("CREATE SEQUENCE number_formats_ids AS integer")
    on_postgresql("CREATE SEQUENCE number_series_ids AS integer")
    on_postgresql("CREATE SEQUENCE numbers_left_out_ids AS integer")
    on_postgresql("CREATE SEQUENCE generators_ids AS integer")
    on_postgresql("CREATE SEQUENCE stock_moves_ids AS integer")
    on_postgresql("CREATE SEQUENCE exchange_rates_ids AS integer")
    on_postgresql("CREATE SEQUENCE ksef_paces_ids AS integer")
    on_postgresql("CREATE SEQUENCE ksef_rests_ids AS integer")
    on_postgresql("CREATE SEQUENCE ksef_connections_ids AS integer")
    on_postgresql("CREATE SEQUENCE registry_answers_ids AS integer")
    on_postgresql("CREATE SEQUENCE checks_ids AS integer")
    on_postgresql("CREATE SEQUENCE batches_ids AS integer")
    on_postgresql("CREATE SEQUENCE batch_results_ids AS integer")
    on_postgresql("CREATE SEQUENCE batch_parts_ids AS integer")
    on_postgresql("CREATE SEQUENCE drafts_ids AS integer")
    on_postgresql("CREATE SEQUENCE payment_links_ids AS integer")
    on_postgresql("CREATE SEQUENCE share_links_ids AS integer")
    on_postgresql("CREATE SEQUENCE expenses_ids AS integer")
    on_postgresql("CREATE SEQUENCE ksef_collectives_ids AS integer")
    on_postgresql("CREATE SEQUENCE ksef_received_ids AS integer")
    on_postgresql("CREATE SEQUENCE ksef_sendings_ids AS integer")
    on_postgresql("CREATE SEQUENCE ksef_services_ids AS integer")
    on_postgresql("CREATE SEQUENCE api_keys_ids AS integer")
    on_postgresql("CREATE SEQUENCE calls_of_months_ids AS integer")
    on_postgresql("CREATE SEQUENCE invitations_ids AS integer")
    on_postgresql("CREATE SEQUENCE sessions_ids AS integer")
    on_postgresql("CREATE SEQUENCE sign_in_failures_ids AS integer")
    on_postgresql("CREATE SEQUENCE password_resets_ids AS integer")
    on_postgresql("CREATE SEQUENCE tokens_ids AS integer")
    on_postgresql("CREATE SEQUENCE proposals_ids AS integer")
    on_postgresql("CREATE SEQUENCE file_checks_ids AS integer")
    on_postgresql("CREATE SEQUENCE registry_days_ids AS integer")
    on_postgresql(
        "CREATE TABLE products_search (account_id integer NOT NULL, id integer NOT NULL, body text NOT NULL, PRIMARY KEY (account_id, id)) PARTITION BY HASH (account_id)"
    )
    on_postgresql(
        "CREATE TABLE products_search_0 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 0)"
    )
    on_postgresql(
        "CREATE TABLE products_search_1 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 1)"
    )
    on_postgresql(
        "CREATE TABLE products_search_2 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 2)"
    )
    on_postgresql(
        "CREATE TABLE products_search_3 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 3)"
    )
    on_postgresql(
        "CREATE TABLE products_search_4 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 4)"
    )
    on_postgresql(
        "CREATE TABLE products_search_5 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 5)"
    )
    on_postgresql(
        "CREATE TABLE products_search_6 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 6)"
    )
    on_postgresql(
        "CREATE TABLE products_search_7 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 7)"
    )
    on_postgresql(
        "CREATE TABLE products_search_8 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 8)"
    )
    on_postgresql(
        "CREATE TABLE products_search_9 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 9)"
    )
    on_postgresql(
        "CREATE TABLE products_search_10 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 10)"
    )
    on_postgresql(
        "CREATE TABLE products_search_11 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 11)"
    )
    on_postgresql(
        "CREATE TABLE products_search_12 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 12)"
    )
    on_postgresql(
        "CREATE TABLE products_search_13 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 13)"
    )
    on_postgresql(
        "CREATE TABLE products_search_14 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 14)"
    )
    on_postgresql(
        "CREATE TABLE products_search_15 PARTITION OF products_search FOR VALUES WITH (MODULUS 16, REMAINDER 15)"
    )
    on_postgresql("CREATE INDEX ix_products_search_body ON products_search USING gin (body gin_trgm_ops)")
    on_postgresql(
        "CREATE TABLE contacts_search (account_id integer NOT NULL, id integer NOT NULL, body text NOT NULL, PRIMARY KEY (account_id, id)) PARTITION BY HASH (account_id)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_0 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 0)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_1 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 1)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_2 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 2)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_3 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 3)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_4 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 4)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_5 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 5)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_6 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 6)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_7 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 7)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_8 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 8)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_9 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 9)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_10 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 10)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_11 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 11)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_12 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 12)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_13 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 13)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_14 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 14)"
    )
    on_postgresql(
        "CREATE TABLE contacts_search_15 PARTITION OF contacts_search FOR VALUES WITH (MODULUS 16, REMAINDER 15)"
    )
    on_postgresql("CREATE INDEX ix_contacts_search_body ON contacts_search USING gin (body gin_trgm_ops)")
    on_postgresql(
        "CREATE TABLE invoices_search (account_id integer NOT NULL, id integer NOT NULL, body text NOT NULL, PRIMARY KEY (account_id, id)) PARTITION BY HASH (account_id)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_0 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 0)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_1 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 1)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_2 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 2)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_3 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 3)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_4 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 4)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_5 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 5)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_6 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 6)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_7 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 7)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_8 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 8)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_9 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 9)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_10 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 10)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_11 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 11)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_12 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 12)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_13 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 13)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_14 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 14)"
    )
    on_postgresql(
        "CREATE TABLE invoices_search_15 PARTITION OF invoices_search FOR VALUES WITH (MODULUS 16, REMAINDER 15)"
    )
    on_postgresql("CREATE INDEX ix_invoices_search_body ON invoices_search USING gin (body gin_trgm_ops)")
    on_postgresql(
        "CREATE TABLE expenses_search (account_id integer NOT NULL, id integer NOT NULL, body text NOT NULL, PRIMARY KEY (account_id, id)) PARTITION BY HASH (account_id)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_0 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 0)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_1 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 1)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_2 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 2)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_3 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 3)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_4 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 4)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_5 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 5)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_6 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 6)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_7 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 7)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_8 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 8)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_9 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 9)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_10 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 10)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_11 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 11)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_12 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 12)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_13 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 13)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_14 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 14)"
    )
    on_postgresql(
        "CREATE TABLE expenses_search_15 PARTITION OF expenses_search FOR VALUES WITH (MODULUS 16, REMAINDER 15)"
    )
    on_postgresql("CREATE INDEX ix_expenses_search_body ON expenses_search USING gin (body gin_trgm_ops)")
