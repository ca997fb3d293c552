"""The engine of scimulator: plan, play, record, judge, gate."""

__version__ = "0.1.0"
