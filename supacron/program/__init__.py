"""The Pulumi side: components that show what is wanted, and one command that applies it."""
