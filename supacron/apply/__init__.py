"""Writes: one transaction, over one connection, all or nothing."""
