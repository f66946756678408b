"""Turns values into SQL text. Pure: no connection, no clock, no environment."""
