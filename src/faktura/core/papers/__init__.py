"""Papers without a buyer: what a firm writes down for its own books."""
