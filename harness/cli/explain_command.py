"""scimulator explain: what an error text, a code or an id means and what to check, in order."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("explain")
@click.argument("text", nargs=-1)
@click.option("--idp", type=click.Choice(["okta", "entra"]), help="rules out what only the other one shows")
@click.option(
    "--run",
    "run_directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="the run in which a finding (F-...) or a cause (C-...) is looked up (the newest in runs/)",
)
@click.option(
    "--audience",
    default="support",
    type=click.Choice(["admin", "support", "developer"]),
    help="for whom: more or fewer details (support)",
)
@click.option("--json", "as_json", is_flag=True, help="print JSON to standard output")
@click.pass_context
def command(
    ctx: click.Context, text: tuple[str, ...], idp: str | None, run_directory: Path | None, audience: str, as_json: bool
) -> None:
    """Say what TEXT means: an error text or code of a screen of Okta or Entra, a word of a SCIM error, a status, the id
    of a requirement, finding, cause or defect.

    TEXT may be pasted over several lines; without it, or with -, standard input is read. The exit code is 0 when
    something was recognised and 1 when nothing was.

    Example: scimulator explain "Error authenticating: null"
    """
    from harness import explaining
    from harness.model.audience import Audience
    from harness.record import RecordError
    from reports import explained

    asked = " ".join(text)
    if asked in ("", "-"):
        if not asked and sys.stdin.isatty():
            raise click.UsageError('expected a text, as in: scimulator explain "Error authenticating: null"')
        asked = sys.stdin.buffer.read(1_000_000).decode("utf-8", "replace")
    if not asked.strip():
        raise click.UsageError("expected a text; what came was empty")
    try:
        explanation = explaining.explain(asked, run_directory, idp or "")
    except RecordError as error:
        raise click.UsageError(str(error)) from error
    click.echo(explaining.as_json(explanation) if as_json else explained.render(explanation, Audience(audience)))
    ctx.exit(0 if explanation.known else 1)
