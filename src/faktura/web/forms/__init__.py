"""Forms: what was typed is read into words of the core, and what the core refuses is said at the field."""
