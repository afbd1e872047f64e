"""A finished product that answers nested invoices from PostgreSQL: Directus, from its registry package."""
