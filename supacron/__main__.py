"""`python -m supacron` is the same as `supacron`."""

from supacron.cli import main

main()
