"""What all pages share: sessions, languages, lists, errors."""
