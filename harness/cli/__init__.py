"""The command: one file per sub-command, arguments only; each is loaded when it is called."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "run": "rehearse what IdPs send and judge the answers",
    "doctor": "look at base URL, key and lookup before going live; only reads",
    "plan": "show the exact requests of a run; nothing is sent to a target",
    "judge": "judge recorded traffic, or a recorded run again",
    "replay": "send recorded requests again and compare the answers",
    "report": "write reports of a recorded run",
    "reproduce": "print the smallest requests that show a finding again",
    "compare": "compare two runs: what is new, fixed, changed or gone",
    "triage": "say what went wrong in a customer's logs, exports and traffic, and who has to act",
    "bundle": "pack a run or a case into one zip for support, without credentials",
    "explain": "say what an error text, a code or an id means and what to check",
    "capture": "an address to point a real identity provider at; what it sends is written down",
    "serve": "start the reference server",
    "store": "look after the reference server's data: keys, audit trail, backup, restore",
    "storm": "let many people go at once: the same sequences as load (--plan: on paper)",
    "console": "open a page on this computer that does all of it without a terminal",
    "new": "write the folder of a new identity provider",
    "list": "list requirements, checks, sequences, stories, probes, profiles, defects, idps and more",
}


class Lazy(click.Group):
    """A group that knows the one-line help of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"{__name__}.{name}_command").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: scimulator run --target https://app.example/scim/v2 --profile marketbeam --idp okta",
)
@click.version_option(package_name="scimulator", prog_name="scimulator")
def main() -> None:
    """Rehearses what Okta and Microsoft Entra ID send to a SCIM 2.0 service when somebody leaves.

    Without --target everything is played against the embedded reference server. The API key comes from the environment
    variable SCIMULATOR_TOKEN, never from an argument.
    """
