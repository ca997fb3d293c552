"""The process that asks a target: inside the wall, apart from the page, so that nothing it does takes the page down."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence

from harness.console import wall


def main(arguments: Sequence[str]) -> None:
    """``look``, ``try``, ``watch`` ask a target; all else is a command of scimulator. The environment holds the key."""
    wall.install_from()
    if arguments[0] == "look":
        from harness.console.looking import look

        sys.exit(look(arguments[1:], sys.stdout))
    if arguments[0] == "try":
        from harness.console.trying import attempt

        sys.exit(attempt(arguments[1:], sys.stdout))
    if arguments[0] == "watch":
        from harness.console.watching import watch

        sys.exit(watch(arguments[1], sys.stdout))
    # As if it had been typed: the record of a run says by which command it was made.
    sys.argv = ["scimulator", *arguments]
    runpy.run_module("harness.cli", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
