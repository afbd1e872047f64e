"""The books in the hands of an agent: tools that read, and tools whose writing a person confirms."""
