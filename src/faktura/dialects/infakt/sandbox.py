"""The dialect's part of the sandbox: the keys of its example account."""

READING_SCOPES = (
    "api:invoices:read",
    "api:accounting:read",
    "api:sensitive:bank_accounts:read",
    "api:costs:read",
    "api:account:read",
)

EVERY_SCOPE = (
    *READING_SCOPES,
    "api:invoices:write",
    "api:accounting:write",
    "api:sensitive:bank_accounts:write",
    "api:costs:write",
    "api:ksef:integration:write",
)
