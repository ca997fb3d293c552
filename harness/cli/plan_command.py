"""scimulator plan: the exact requests of a run, shown without sending anything to a target."""

from __future__ import annotations

import click


@click.command("plan")
@click.option("--profile", default="marketbeam", metavar="NAME|FILE", help="what the service claims")
@click.option("--idp", "idps", multiple=True, metavar="NAME[:VARIANT]", help="okta, okta:oin, entra ...; repeatable")
@click.option("--story", "stories", multiple=True, metavar="NAME", help="only this story or probe; repeatable")
@click.option("--suite", default="", metavar="NAME", help="only this suite (stories, when no story is named)")
@click.option("--quick", is_flag=True, help="the short gate for every commit")
@click.option("--all", "everybody", is_flag=True, help="also show what the harness itself asks")
@click.option("--seed", default=7, metavar="N", help="seed of the invented people")
@click.option("--config", metavar="FILE", help="a scim.toml that says how an IdP is set up: [idp.okta]")
@click.option("--json", "as_json", is_flag=True, help="print a JSON list of requests")
def command(
    profile: str,
    idps: tuple[str, ...],
    stories: tuple[str, ...],
    suite: str,
    quick: bool,
    everybody: bool,
    seed: int,
    config: str | None,
    as_json: bool,
) -> None:
    """Show the exact requests that each IdP sends in each story.

    What an IdP sends depends on what it is answered, so the stories are played against the embedded reference server;
    nothing leaves this process.
    """
    from harness.plan import Selection
    from harness.preview import preview

    asked = suite or ("" if stories or everybody else "stories")
    selection = Selection(idps, stories, asked, quick)
    preview(profile, selection, everybody=everybody, seed=seed, as_json=as_json, config=config)
