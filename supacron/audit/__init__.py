"""Finds literal tokens in files and in a live database, says what each is, and never shows a value."""
