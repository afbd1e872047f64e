"""Everything put together, once for real use and once as a sandbox; neither imports what is the other's."""
