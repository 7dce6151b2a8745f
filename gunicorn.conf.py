"""How gunicorn runs the service: a few processes of many threads, for the work is waiting.

The processes count in files of one folder (PROMETHEUS_MULTIPROC_DIR), so that whichever is asked
for /metrics answers for all. Unless one is given, the folder lives as long as this gunicorn.
"""

import os
import shutil
import tempfile

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# As many at most: half for listeners (callcenter/listening.py), a quarter for screens that wait for
# Twilio (callcenter/call_control.py); what is left over is always callers'.
threads = 32
# Twilio gives up after 15 s.
timeout = 30
graceful_timeout = 15
keepalive = 30
# A browser's session is a cookie of several kilobytes, beside others of the same page.
limit_request_field_size = 32 * 1024
accesslog = None
# It would be one file for every service of this user.
control_socket_disable = True

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_own_folders: list[str] = []


def on_starting(_server: object) -> None:
    """Make the folder to count in, before there are processes that read its name."""
    if not os.environ.get(_FOLDER):
        _own_folders.append(tempfile.mkdtemp(prefix="callcenter-metrics-"))
        os.environ[_FOLDER] = _own_folders[0]


def worker_exit(_server: object, worker: object) -> None:
    """Hand back the commands that have not begun: nobody waits for this process any more."""
    if app := getattr(worker, "wsgi", None):
        app.extensions["callcenter"].runner.close()


def child_exit(_server: object, worker: object) -> None:
    """Forget what a process that ended showed of the present; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: object) -> None:
    """Remove the folder."""
    for folder in _own_folders:
        shutil.rmtree(folder, ignore_errors=True)
