"""The outside world asked: registries of firms, exchange rates."""
