"""Reads the database. Nothing in here writes."""
