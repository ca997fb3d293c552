"""Okta SCIM 2.0 CRUD Test: Okta is driven through a person's life, and the service is read after each step."""

from __future__ import annotations

from harness.model.change import Assign, Change, Disable, Edit, Reassign, SignIn, Unassign
from harness.model.step import Intent
from harness.suites.suite import Claim, Find, Suite, holds, reads, seen_after, status

_THERE = holds("userName", "name.givenName", "name.familyName", "emails.0.value")


def _after(change: type[Change], intent: Intent = Intent.READ) -> Find:
    return seen_after(change, "person", intent)


SUITE = Suite(
    name="okta-crud",
    title="Okta SCIM 2.0 CRUD Test",
    programme="listing in the Okta Integration Network",
    source="https://developer.okta.com/standards/SCIM/SCIMFiles/Okta-SCIM-20-CRUD-Test.json",
    claims=(
        Claim("Step 5: the assigned user is in the app", _after(SignIn), (status(200), _THERE), ("create",)),
        Claim("Step 8: the new first name is in the app", _after(Edit), (status(200), _THERE), ("create", "update")),
        Claim(
            "Step 5, for somebody who is there already: the assigned user is found",
            _after(Assign),
            (status(200), holds("userName")),
            ("read", "!create"),
            mandatory=False,
        ),
        Claim(
            "Step 11: the deactivated user is still there, and inactive",
            _after(Disable),
            (status(200), reads("active", False)),
            ("deactivate",),
        ),
        Claim(
            "Step 15: the same user is active again",
            _after(Reassign),
            (status(200), reads("active", True)),
            ("reactivate",),
        ),
        Claim(
            "Step 19: the user whose assignment was deleted is still there, and inactive",
            _after(Unassign),
            (status(200), reads("active", False)),
            ("deactivate",),
        ),
    ),
    stories=("okta-crud", "okta-crud-without-creation"),
)
