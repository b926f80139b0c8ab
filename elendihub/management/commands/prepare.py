"""The steps between an installed checkout and a site that can be served. Each changes nothing when its work is done."""

import fcntl
import hashlib
import os
import secrets
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from articles.content import reference
from articles.content.frontmatter import ContentError
from articles.content.report import Report
from legislation.models import Instrument
from regulators.models import Hub, Membership, Role


def database() -> str:
    # A pool waits and then says only that it waited; a plain connection says at once what is wrong.
    connection.settings_dict["OPTIONS"].pop("pool", None)
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        cure = "Check DATABASE_URL and that the server runs" if not settings.IS_SQLITE else "Check DATA_DIR"
        raise CommandError(f"The database does not answer: {reason}. {cure}, then try again.") from error
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return "up to date"
    call_command("migrate", interactive=False, verbosity=0)
    return f"{len(plan)} migrations applied"


def content() -> str:
    if not Hub.objects.exists():
        report = StringIO()
        call_command("import_content", verbosity=0, stdout=report)
        return report.getvalue().strip()
    if not Instrument.objects.exists():
        return f"already there; the register of law is new here: {register_of_law()}"
    return "already there"


def register_of_law() -> str:
    """For a site from before there was one. Its texts and its other rows stay as its editors left them."""
    report = Report()
    try:
        with transaction.atomic():
            reference.load(settings.CONTENT_DIR, report, reference.REGISTER)
    except ContentError as error:
        raise CommandError(f"{error} The register of law was not loaded.") from error
    return str(report)


def static() -> str:
    """Collect only when a file or a library that hashes and compresses it has changed: collecting takes seconds."""
    root = Path(settings.STATIC_ROOT)
    collected, digest = root.with_name(f"{root.name}.sha256"), static_digest()
    if root.is_dir() and collected.exists() and collected.read_text() == digest:
        return "up to date"
    call_command("collectstatic", interactive=False, verbosity=0)
    collected.write_text(digest)
    return f"collected into {root}"


def static_digest() -> str:
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            with storage.open(name) as file:
                digest.update(name.encode() + b"\0" + file.read() + b"\0")
    return digest.hexdigest()


def editor() -> str:
    """The first account. The password is said once and kept beside the database, for the owner of the folder alone."""
    if get_user_model().objects.exists():
        return "accounts already there"
    password, kept = secrets.token_urlsafe(15), settings.DATA_DIR / "editor-password"
    with transaction.atomic():
        user = get_user_model().objects.create_superuser(username="editor", password=password)
        Membership.objects.bulk_create(
            Membership(user=user, hub=hub, role=Role.ADMINISTRATOR) for hub in Hub.objects.all()
        )
        kept.unlink(missing_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{password}\n")
    return f"sign in at /admin/ as editor with the password {password} (kept in {kept})"


STEPS: dict[str, Callable[[], str]] = {step.__name__: step for step in (database, content, static, editor)}


class Command(BaseCommand):
    help = "Bring the site from a fresh checkout, or any later state, to where it can be served."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("steps", nargs="*", metavar="step", help=f"{', '.join(STEPS)}; all of them by default")

    def handle(self, *, steps: list[str], **options: Any) -> None:
        if unknown := set(steps) - set(STEPS):
            raise CommandError(f"Unknown step: {', '.join(sorted(unknown))}. The steps are {', '.join(STEPS)}.")
        with alone(settings.DATA_DIR):
            for name, step in STEPS.items():
                if not steps or name in steps:
                    self.stdout.write(f"{name.capitalize()}: {step()}")
                    self.stdout.flush()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder: of two runs at once the second waits, then finds the work done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        reason = f"DATA_DIR={folder} cannot be used: {error.strerror}"
        raise CommandError(f"{reason}. Name a folder that this user may write.") from error
    try:
        if not os.access(folder, os.W_OK | os.X_OK):
            raise CommandError(f"DATA_DIR={folder} cannot be written. Name a folder that this user may write.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
