"""What the worker does for wallboards, alone in a process, so that its CPU can be measured."""

from __future__ import annotations

import signal

from callcenter.db import Database
from callcenter.settings import Settings
from callcenter.worker_figures import telling_figures

if __name__ == "__main__":
    with telling_figures(Database(Settings.from_env())):
        signal.pause()
