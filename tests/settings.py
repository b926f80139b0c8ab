"""The site's own settings under test: no environment but DATABASE_URL, all state in a folder of its own."""

import os
import tempfile

for name in (
    "ALLOWED_HOSTS",
    "CHECKS_PER_MINUTE",
    "DEBUG",
    "ENVIRONMENT",
    "HOST",
    "PACKS_PER_MINUTE",
    "PORT",
    "SECOND_PERSON",
    "SECRET_KEY",
    "SITE_URL",
    "STATIC_ROOT",
    "TRUSTED_PROXIES",
):
    os.environ.pop(name, None)
# The workers of pytest-xdist inherit the folder from the process that made it; conftest.py removes it.
TEST_FOLDER = os.environ.get("ELENDIHUB_TEST_FOLDER") or tempfile.mkdtemp(prefix="elendihub-tests-")
os.environ["ELENDIHUB_TEST_FOLDER"] = TEST_FOLDER
os.environ["DATA_DIR"] = TEST_FOLDER

from elendihub.settings import *
from elendihub.settings import DATA_DIR, DATABASES, INSTALLED_APPS, IS_SQLITE, MIDDLEWARE, STORAGES

# A file, as in production: threads of a live server then have connections of their own.
if IS_SQLITE:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# `tests` brings a flush that works on permanent rows; zeal fails a request that asks row by row.
INSTALLED_APPS += ["tests", "zeal"]
MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")

# Plain names from static/ itself, so that no test needs collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
