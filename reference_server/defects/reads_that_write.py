"""Wrongs of reading: a look changes what is looked at."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect


@defect("lookup-reactivates", breaks=["PROF-D-10", "RFC7644-3.4-03"])
def being_looked_for_wakes_a_person_up(behaviour: Behaviour) -> None:
    """A person who is found by a filter is active afterwards"""

    @behaviour.search.around
    def found(proceed: Any, desk: Any, kinds: Any, search_request: Any) -> Any:
        page = proceed(desk, kinds, search_request)
        if search_request.filter is not None:
            for person in page.resources:
                if getattr(person, "active", None) is False:
                    desk.storage.update(kinds[0], person.model_copy(update={"active": True}))
        return page
