#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from elendihub.acting import Road, acting

SHELLS = (["shell"], ["dbshell"])

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elendihub.settings")
    try:
        with acting(None, "", Road.SHELL if sys.argv[1:2] in SHELLS else Road.COMMAND):
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"ElendiHub cannot start: {error}")
