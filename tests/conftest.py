import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.test.utils import setup_databases, teardown_databases

from legislation import bases, register

hypothesis.settings.register_profile("house", deadline=None, database=None)
hypothesis.settings.load_profile("house")


def pytest_report_header() -> str:
    return f"database: {site.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(site.DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker) -> Iterator[None]:
    """pytest-django's own makes no database where a fixture of wider scope than a test is all that asks for one."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings) -> Path:
    """Uploads of a test go to its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """The generation starts again at nought in each test, so nothing may be remembered under it."""
    yield
    cache.clear()
    register.built.cache_clear()
    bases.read_at.cache_clear()
