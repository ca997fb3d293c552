"""Access that survives a deactivation, and sign-ins that undo it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reference_server.access import Standing
from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.jit import Welcome

SURVIVES = ["MB-1", "ACCESS-05", "IPSIE-AL1-5.1-03", "IPSIE-AL1-5.1-04"]
COMES_BACK = ["MB-1", "MB-2"]


def only_ended_by(behaviour: Behaviour, ends: Any, kind: str = "") -> None:
    """Let only those ways end access for which ``ends(way)`` is true; being inactive alone ends nothing of a kind."""

    @behaviour.end_access.around
    def ended(proceed: Any, tenant: str, person_id: str, how: str) -> Any:
        return proceed(tenant, person_id, how) if ends(how) or kind else None

    @behaviour.alive.around
    def lives(proceed: Any, grant: Any, standing: Any) -> Any:
        if kind and grant.kind != kind:
            return proceed(grant, standing)
        return grant.ended_at is None or not ends(grant.ended_by)


@defect("sessions-survive", breaks=SURVIVES, source="sessions-survive")
def sessions_go_on(behaviour: Behaviour) -> None:
    """Nothing ends the sessions of a deactivated person; only personal tokens end"""
    only_ended_by(behaviour, lambda _how: False, "session")


@defect("sessions-survive-patch", breaks=SURVIVES, source="sessions-survive")
def a_patch_ends_no_access(behaviour: Behaviour) -> None:
    """A deactivation by PATCH ends no session and no token; one by PUT does"""
    only_ended_by(behaviour, lambda how: how != "patch")


@defect("sessions-survive-put", breaks=SURVIVES, source="sessions-survive")
def a_put_ends_no_access(behaviour: Behaviour) -> None:
    """A deactivation by PUT ends no session and no token; one by PATCH does"""
    only_ended_by(behaviour, lambda how: how != "put")


@defect("api-keys-survive", breaks=SURVIVES, source="api-keys-survive")
def personal_tokens_go_on(behaviour: Behaviour) -> None:
    """The personal API tokens of a deactivated person go on working; only sessions end"""
    only_ended_by(behaviour, lambda _how: False, "api_token")


@defect("flag-stored-not-enforced", breaks=[*SURVIVES, *COMES_BACK], source="flag-stored-not-enforced")
def inactive_is_only_a_word(behaviour: Behaviour) -> None:
    """active is stored and shown, but neither sign-in nor sessions ever ask for it"""
    only_ended_by(behaviour, lambda _how: False)

    @behaviour.standing.around
    def stands(proceed: Any, tenant: str, user_name: str) -> Any:
        standing = proceed(tenant, user_name)
        return Standing(True, standing.person) if standing.person is not None else standing


@defect(
    "inactive-may-sign-in", breaks=[*COMES_BACK, "ACCESS-01", "ACCESS-02", "ACCESS-03"], source="inactive-mints-token"
)
def the_front_door_does_not_ask(behaviour: Behaviour) -> None:
    """A deactivated person stays inactive, but can sign in and gets a new session and token"""

    @behaviour.sign_in.around
    def signed_in(proceed: Any, tenant: str, who: Any) -> Any:
        standing = behaviour.standing(tenant, who.user_name)
        if standing.allowed or standing.person is None:
            return proceed(tenant, who)
        return behaviour.server.front_door.let_in(tenant, standing.person)

    behaviour.alive.instead(lambda grant, _standing: grant.ended_at is None)


@defect(
    "sso-login-reactivates",
    breaks=[*COMES_BACK, "PROF-D-10", "ACCESS-03"],
    source="sso-login-reactivates",
)
def signing_in_wakes_up(behaviour: Behaviour) -> None:
    """A deactivated person who signs in by SSO is active again"""

    @behaviour.sign_in.around
    def signed_in(proceed: Any, tenant: str, who: Any) -> Any:
        return proceed(tenant, replace(who, readmit=True))


@defect("sso-attempt-leaves-ghost", breaks=[*COMES_BACK, "ACCESS-04"], source="sso-attempt-leaves-ghost")
def a_refused_sign_in_writes(behaviour: Behaviour) -> None:
    """A sign-in that is refused has already rewritten the person's profile and made a second account"""

    @behaviour.sign_in.around
    def signed_in(proceed: Any, tenant: str, who: Any) -> Any:
        standing = behaviour.standing(tenant, who.user_name)
        if not standing.allowed and standing.person is not None:
            server = behaviour.server
            person: Any = standing.person
            person.display_name = f"{who.given_name} {who.family_name} ({who.user_name})"
            server.people_of(tenant).update(server.user_type, person)
            if server.people_of(tenant).by_unique(server.user_type, f"{who.user_name}#2") is None:
                server.front_door.make(tenant, replace(who, user_name=f"{who.user_name}#2"))
        return proceed(tenant, who)


@defect("access-returns-with-reactivation", breaks=["MB-1", "ACCESS-07"], source="reactivation-unblocks-too-much")
def old_sessions_come_back(behaviour: Behaviour) -> None:
    """Reactivating a person also brings the sessions and tokens from before back to life"""
    behaviour.alive.instead(lambda _grant, standing: standing.allowed)


@defect("sso-link-dropped", breaks=["PROF-D-09", "MB-2", "ACCESS-06"], source="sso-link-dropped")
def whoever_was_deactivated_never_signs_in_again(behaviour: Behaviour) -> None:
    """A reactivated person is active but can no longer sign in"""
    unlinked: set[str] = set()

    @behaviour.end_access.around
    def ended(proceed: Any, tenant: str, person_id: str, how: str) -> Any:
        unlinked.add(person_id)
        return proceed(tenant, person_id, how)

    @behaviour.standing.around
    def stands(proceed: Any, tenant: str, user_name: str) -> Any:
        standing = proceed(tenant, user_name)
        lost = standing.person is not None and standing.person.id in unlinked
        return Standing(False, standing.person, "No account is linked to this sign-in") if lost else standing


@defect("jit-makes-a-second-account", breaks=["MB-2", "PROF-D-09", "ACCESS-03"], source="deactivate-means-delete")
def a_returning_person_gets_another_account(behaviour: Behaviour) -> None:
    """A deactivated person who signs in gets a second, active account"""

    @behaviour.sign_in.around
    def signed_in(proceed: Any, tenant: str, who: Any) -> Any:
        if behaviour.standing(tenant, who.user_name).allowed:
            return proceed(tenant, who)
        return proceed(tenant, replace(who, user_name=f"{who.user_name}.2"))


@defect("jit-restores-the-deleted", breaks=["MB-1", "RFC7644-3.6-03"], source="sso-login-reactivates",
        presets=["deprovisioning-only", "full"])  # fmt: skip
def a_deleted_person_is_made_again(behaviour: Behaviour) -> None:
    """A person who was deleted over SCIM is made again by an old SSO session"""

    @behaviour.sign_in.around
    def signed_in(proceed: Any, tenant: str, who: Any) -> Any:
        behaviour.server.departed.forget(tenant, who.user_name.lower())
        return proceed(tenant, who)


@defect("jit-refuses-everybody", breaks=["MB-2"], source="post-refused-for-jit-only")
def nobody_signs_in_for_the_first_time(behaviour: Behaviour) -> None:
    """Nobody can sign in for the first time once there are two people: the account is never made"""

    @behaviour.sign_in.around
    def signed_in(proceed: Any, tenant: str, who: Any) -> Any:
        server = behaviour.server
        full = len(server.people_of(tenant).all(server.user_type)) >= 2
        stranger = behaviour.standing(tenant, who.user_name).person is None
        return Welcome(False, "There is no account for you") if full and stranger else proceed(tenant, who)


@defect("external-id-invented", breaks=["RFC7643-3.1-08", "PROF-D-22"], source="numeric-externalid-hijack")
def an_external_id_is_made_up(behaviour: Behaviour) -> None:
    """People who came by SSO get an externalId that no client ever set"""

    @behaviour.sign_in.around
    def signed_in(proceed: Any, tenant: str, who: Any) -> Any:
        welcome = proceed(tenant, who)
        if welcome.created:
            server = behaviour.server
            person = server.people_of(tenant).get(server.user_type, welcome.person_id)
            person.external_id = f"jit-{who.user_name}"
            server.people_of(tenant).update(server.user_type, person)
        return welcome
