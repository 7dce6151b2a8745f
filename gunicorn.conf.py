"""How gunicorn runs the service: a few processes of many threads, for the work is waiting."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 16
# Twilio gives up after 15 s.
timeout = 30
graceful_timeout = 15
keepalive = 30
accesslog = None
# It would be one file for every service of this user.
control_socket_disable = True
