"""What stands on a document, in the languages of its readers."""
