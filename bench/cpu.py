"""CPU time that one process has had, to the microsecond where the system tells it."""

from __future__ import annotations

import sys
import time

import psutil


def cpu_seconds(pid: int) -> float:
    """User and system time of a process (one backend of Postgres, say) since it began.

    psutil counts in ticks of 10 ms on Linux, a few times what a request costs; the process's own
    clock (clock_getcpuclockid(3), whose id is made of the pid) counts nanoseconds.
    """
    if sys.platform == "linux":
        return time.clock_gettime(~pid << 3 | 2)
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system
