"""python -m harness.cli: the same as the command scimulator."""

from harness.cli import main

main(prog_name="scimulator")
