"""Checking a stack's data, all mistakes at once, and resolving it to what is to be applied. Pure."""
