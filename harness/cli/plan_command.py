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
@click.option("--leave", multiple=True, metavar="NAME,NAME", help="what is sent when these very people leave")
@click.option("--export", "exports", multiple=True, metavar="FILE", help="with --leave, Entra: schema, job, secrets")
@click.option("--okta-settings", multiple=True, metavar="FILE", help="with --leave, Okta: settings in a few lines")
@click.option("--json", "as_json", is_flag=True, help="print a JSON list of requests")
def command(
    leave: tuple[str, ...],
    exports: tuple[str, ...],
    okta_settings: tuple[str, ...],
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

    Example: scimulator plan --leave ada@example.test,ben@example.test --idp entra --export schema.json
    """
    if leave:
        from harness.foretelling import foretell

        files = {"leave": leave, "exports": exports, "okta_settings": okta_settings}
        foretell({**files, "idps": idps, "profile": profile}, as_json=as_json)
        return
    if exports or okta_settings:
        raise click.UsageError("--export and --okta-settings say how people leave: add --leave NAME")
    from harness.plan import Selection
    from harness.preview import preview

    asked = suite or ("" if stories or everybody else "stories")
    selection = Selection(idps, stories, asked, quick)
    preview(profile, selection, everybody=everybody, seed=seed, as_json=as_json, config=config)
