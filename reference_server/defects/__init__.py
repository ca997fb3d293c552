"""Injectable wrongs. ``catalogue()`` knows them all; ``apply(server, names)`` makes a server wrong on purpose."""

from reference_server.defects.registry import Defect, UnknownDefect, apply, catalogue, defect

__all__ = ["Defect", "UnknownDefect", "apply", "catalogue", "defect"]
