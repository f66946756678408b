"""Takes over jobs that were made by hand: reads their SQL, and writes what they do as YAML for review."""
