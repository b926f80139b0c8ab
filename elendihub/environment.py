"""How the environment is read: each variable as what it has to be, or a refusal that tells the cure."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

DATABASE_CURE = "Use postgres://user:password@host:5432/name, or leave it unset for SQLite in DATA_DIR."


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "false", "true", "no", "yes", "off", "on"}:
        raise ImproperlyConfigured(f"{name}={value!r} is neither on nor off. Use 1 or 0.")
    return value in {"1", "true", "yes", "on"} if value else default


def env_list(name: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number. Use a number such as {default}.")
    return int(value)


def kept_secret(path: Path) -> str:
    """The key kept in the file; made on first use, readable by its owner alone."""
    own = path.with_name(f"{path.name}-{os.getpid()}")
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
            # Of several processes that start at once, the first to link its key gives it to all.
            with suppress(FileExistsError):
                os.link(own, path)
            own.unlink()
        return path.read_text().strip()
    except OSError as error:
        reason = f"DATA_DIR={path.parent} cannot be used: {error.strerror}"
        raise ImproperlyConfigured(f"{reason}. Name a folder that this user may write.") from error


def database_at(url: str) -> dict[str, Any]:
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is no address of a database. {DATABASE_CURE}") from error
    if database["ENGINE"].rpartition(".")[2] not in {"sqlite3", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL names neither PostgreSQL nor SQLite. {DATABASE_CURE}")
    return database
