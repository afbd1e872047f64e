"""Revisions bring an older database to the newest tables; Alembic runs them, one after the other."""
