"""The file of a batch: what each of its documents brings into it, and how it is put together."""
