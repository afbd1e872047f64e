"""Who is let in: accounts, people, credentials, sign-in."""
