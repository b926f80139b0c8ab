import errno
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections


class Command(BaseCommand):
    help = "Prepare the site, then let gunicorn serve it in the place of this process."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        refuse_address(settings.HOST, settings.PORT)
        call_command("prepare", stdout=self.stdout)
        connections.close_all()
        configuration = str(settings.BASE_DIR / "gunicorn.conf.py")
        command = [sys.executable, "-m", "gunicorn", "--config", configuration, "elendihub.wsgi"]
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted


def refuse_address(host: str, port: int) -> None:
    """Raise CommandError with the cure when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CommandError(f"PORT={port} is kept for root. Use one above 1023: make run PORT=8000") from error
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise CommandError(f"HOST={host} is no address of this machine. Use 127.0.0.1 or 0.0.0.0.") from error
            cure = f"Stop what listens there, or use another: make run PORT={port % 65_535 + 1}"
            raise CommandError(f"PORT={port} on {host} is taken. {cure}") from error
