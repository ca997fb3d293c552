"""Stories whose size is the point."""

from harness.model.change import Assign, PushGroup, TimePasses, Unassign
from harness.model.story import LONG, Group, Part, Story

HUNDREDS = 200
MONTH = 30 * 24 * 60

_LEAVERS = tuple(f"leaver-{number:03d}" for number in range(1, HUNDREDS + 1))

layoff_day = Story(
    name="layoff-day",
    title=f"On one day, {HUNDREDS} people lose the app",
    changes=(*(Assign(part) for part in _LEAVERS), *(Unassign(part) for part in _LEAVERS)),
    parts=(*(Part(part) for part in _LEAVERS), Part("bystander-1"), Part("bystander-2")),
    suite=LONG,
)

_TEAM = ("leaver", "late-leaver", "bystander-1", "bystander-2")

# Nobody looks at the errors of the group push for a month. People who leave must lose access all the same, each time.
group_sync_left_on = Story(
    name="group-sync-left-on",
    title="A team is pushed by mistake for a month, during which two of its members leave",
    changes=(
        *(Assign(part) for part in _TEAM),
        PushGroup(),
        TimePasses(minutes=MONTH // 2),
        Unassign("leaver"),
        TimePasses(minutes=MONTH // 2),
        Unassign("late-leaver"),
    ),
    parts=tuple(Part(part) for part in _TEAM),
    teams=(Group(_TEAM),),
    suite=LONG,
)
