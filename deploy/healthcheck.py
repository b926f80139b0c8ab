"""Ends with 0 while the site answers /healthz on this machine, asked for by a name that it serves."""

import os
import sys
from http.client import HTTPConnection, HTTPException

host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
try:
    connection.request("GET", "/healthz", headers={"Host": host})
    status = connection.getresponse().status
except (OSError, HTTPException) as error:
    sys.exit(f"The site does not answer: {error}")
sys.exit(0 if status == 200 else f"The site answers /healthz with {status}.")
