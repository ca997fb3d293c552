"""Compare: what is new, fixed, still there, changed or gone from one run directory to another."""

from harness.compare.exchanges import differences
from harness.compare.findings import compare

__all__ = ["compare", "differences"]
