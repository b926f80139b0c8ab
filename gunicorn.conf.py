"""How gunicorn serves the site. Where it listens is a setting of the site: HOST and PORT."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from gunicorn.arbiter import Arbiter

try:
    from elendihub.settings import HOST, PORT
except ImproperlyConfigured as error:
    sys.exit(f"ElendiHub cannot start: {error}")

address = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"

bind = address
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
graceful_timeout = 20
# Loaded once, then forked: no worker answers later than the line below is printed. Nothing connects while loading.
preload_app = True
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Arbiter) -> None:
    print(f"ElendiHub answers at http://{address}/ (Ctrl-C stops it)", flush=True)
