"""Webhooks (2.18): who is told of what happens, and what they are told."""
