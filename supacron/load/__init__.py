"""Reading a stack's files: YAML with places, the environment's overrides merged in, checked and resolved."""
