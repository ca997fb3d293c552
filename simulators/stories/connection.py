"""Setting up: the administrator enters two values and tests them."""

from harness.model.change import TestConnection
from harness.model.story import Part, Story

connection = Story(
    name="connection",
    title="The administrator enters the base URL and the key, and tests the connection",
    changes=(TestConnection(),),
    parts=(Part("bystander-1"),),
    quick=("okta", "entra"),
)
