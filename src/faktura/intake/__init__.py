"""Requests as they arrive: what waits for bytes waits on an event loop, threads run what has arrived (decision 15)."""
