"""Worlds: isolated sets of accounts, credentials, clock, letters and webhooks, side by side in one sandbox."""
