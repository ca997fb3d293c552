"""The most memory that a process has had."""

from __future__ import annotations

from pathlib import Path


def peak_mb(pid: int | str = "self") -> float:
    """In megabytes, as Linux counts it for the process itself.

    Not getrusage: its peak begins with what the process that started this one had taken.
    """
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
