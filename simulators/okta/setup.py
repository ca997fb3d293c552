"""What an administrator ticked and chose for an app, and what is not known for certain about Okta itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields, replace

from harness.model.idp import Variant
from harness.model.step import BASIC_TOKEN, TOKEN
from simulators.okta.profile import GUIDE, ProfileMapping

OIN = Variant("oin", "Okta app from the catalogue (SCIM 2.0 template): deactivates with PATCH")
AIW = Variant("aiw", "Okta app from the App Integration Wizard: reads the user and writes it back with PUT")
VARIANTS = (OIN, AIW)


class SetupError(ValueError):
    """A setting that this app type does not have; the message lists what it has."""


@dataclass(frozen=True)
class Features:
    """The boxes on the Provisioning tab. The defaults are those of a service that is there to deactivate people.

    ``create`` stays on, since lookup and link belong to it in Okta's own guide. ``import_groups`` None means: as usual
    for the app type (on for a catalogue app, off for a wizard app). ``push_groups`` is on because without a pushed team
    it sends nothing, and an administrator who pushes one has ticked it. ``provisioning`` False: the API integration is
    not switched on (yet), and nothing but its test is sent.
    """

    provisioning: bool = True
    create: bool = True
    update: bool = False
    deactivate: bool = True
    sync_password: bool = False
    push_groups: bool = True
    import_groups: bool | None = None
    rename_groups: bool = True

    def switched(self, feature: str, on: bool) -> Features:
        """The same boxes with one of them ticked or not. An unknown one, which is another IdP's, changes nothing."""
        return replace(self, **{feature: on}) if feature in {f.name for f in fields(self)} else self


DEPROVISIONING = Features()


class Authorization(enum.StrEnum):
    """How the app writes the credential that was typed into its settings."""

    HEADER = "header"
    BEARER = "bearer"
    DOUBLED = "doubled"
    BASIC = "basic"
    OAUTH = "oauth"


WRITTEN = {
    Authorization.HEADER: TOKEN,
    Authorization.BEARER: f"Bearer {TOKEN}",
    Authorization.DOUBLED: f"Bearer Bearer {TOKEN}",
    Authorization.BASIC: f"Basic {BASIC_TOKEN}",
    Authorization.OAUTH: f"Bearer {TOKEN}",
}
"""The value of the Authorization header. OAuth is the access token of the authorization code grant."""

MODES = {
    "oin": tuple(Authorization),
    "aiw": (Authorization.BEARER, Authorization.DOUBLED, Authorization.BASIC, Authorization.OAUTH),
}
"""What each app type offers. A wizard app writes the word Bearer itself, so it has no raw header."""


OTHER = {"oin": "aiw", "aiw": "oin"}


class Empty(enum.StrEnum):
    """How a value that was cleared in Okta appears in a profile push. Not documented; it depends on the mapping."""

    OMITTED = "omitted"
    TEXT = "text"
    NULL = "null"


SMALLEST_BATCH, LARGEST_BATCH = 100, 1000


@dataclass(frozen=True)
class Setup:
    """One app as it was set up. What follows ``mapping`` and ``authorization`` are switches for what is not certain.

    ``put_users``: a catalogue app that Okta has switched to PUT. ``patch_profile``: "Support PATCH for User" is on.
    ``plus_for_blanks``: queries as captured in 2018. ``first_match``: of several matches the first is linked.
    ``activate_inactive``: a first match that is inactive at the service is activated, as one that comes back is.
    ``strict_counts``: counts in a list that are no numbers stop the job. ``look_up_groups``: each push by name begins
    with a lookup. ``members_on_create``: a new group comes with its members. ``whole_push``: a full push puts id, name
    and members into one value without a path. ``null_display``: members come with ``"display": null``. ``batch``:
    membership changes in one PATCH. ``stale_active``: the profile push after a reactivation still says inactive.
    ``stale_user_name``: the lookup after a quick return uses the user name of before. ``team_assigns``: the pushed team
    also assigns the app. ``late_members``: whoever is linked after their team was pushed is added to its group then.
    ``freeze_suspended``: nothing about suspended people is sent. ``delete_with_team``: a team that is deleted in Okta
    takes its group along. ``import_every``: minutes between scheduled imports, 0 for none. ``trailing_slash``: the base
    URL was typed with a slash at its end, which Okta leaves standing.
    """

    features: Features = DEPROVISIONING
    mapping: ProfileMapping = GUIDE
    authorization: Authorization = Authorization.BEARER
    put_users: bool = False
    patch_profile: bool = False
    plus_for_blanks: bool = False
    empty: Empty = Empty.OMITTED
    first_match: bool = True
    activate_inactive: bool = False
    strict_counts: bool = True
    look_up_groups: bool = True
    members_on_create: bool = True
    whole_push: bool = False
    null_display: bool = False
    batch: int = SMALLEST_BATCH
    stale_active: bool = False
    stale_user_name: bool = False
    team_assigns: bool = False
    late_members: bool = True
    freeze_suspended: bool = True
    delete_with_team: bool = False
    import_every: int = 0
    trailing_slash: bool = False

    def fitting(self, variant: Variant) -> Setup:
        """The same setup. Raises SetupError when this app type cannot be set up so."""
        modes = MODES[variant.name]
        if self.authorization not in modes:
            raise SetupError(
                f"the app type {variant.name} does not offer the authorization {self.authorization.value!r}; it has "
                f"{', '.join(modes)}: set up the other app type by itself, as okta:{OTHER[variant.name]}"
            )
        if not SMALLEST_BATCH <= self.batch <= LARGEST_BATCH:
            raise SetupError(f"batch {self.batch}: Okta takes {SMALLEST_BATCH} to {LARGEST_BATCH} changes in one PATCH")
        if variant is AIW and (self.patch_profile or self.put_users):
            raise SetupError("a wizard app always writes people by PUT: put_users and patch_profile are for oin alone")
        if self.import_every < 0:
            raise SetupError(f"import_every {self.import_every}: expected minutes, or 0 for no scheduled import")
        return self


BY_THE_GUIDE = Setup()
