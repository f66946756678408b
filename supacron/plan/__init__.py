"""Decides what to change. Pure: what is wanted and what is there come in, a plan and its steps come out."""
