"""Doctor: looks at a customer's configuration and says what is wrong with it, for people and before going live."""

from harness.doctor.examination import examine

__all__ = ["examine"]
