"""Settings of the whole site, read from the environment.

An empty environment gives what a newcomer's `make run` needs: SQLite in var/, loopback hosts, DEBUG off.
ENVIRONMENT=production refuses to start without SECRET_KEY and ALLOWED_HOSTS. docs/operations.md lists the variables.
"""

import os
import re
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from elendihub.environment import database_at, env_bool, env_int, env_list, kept_secret

SITE_ADDRESS = re.compile(
    r"https?://(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:(?P<port>[0-9]{1,5}))?", re.IGNORECASE
)


def site_address() -> str:
    """SITE_URL, or in production https at the first host that is a single one, or where this machine serves."""
    if address := os.environ.get("SITE_URL", "").strip().rstrip("/"):
        found = SITE_ADDRESS.fullmatch(address)
        if not found or int(found["port"] or 443) not in range(1, 65_536):
            raise ImproperlyConfigured(
                "SITE_URL is no address of a site. Use https:// and a host, such as https://example.org, and no path."
            )
        return address
    if not IS_PRODUCTION:
        return f"http://[{HOST}]:{PORT}" if ":" in HOST else f"http://{HOST}:{PORT}"
    for host in ALLOWED_HOSTS:
        if SITE_ADDRESS.fullmatch(f"https://{host}"):
            return f"https://{host}"
    raise ImproperlyConfigured("ALLOWED_HOSTS names no single host. Set SITE_URL, such as https://example.org.")


# Where things are

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = env_int("PORT", 8000)
if not 0 < PORT < 65_536:
    raise ImproperlyConfigured(f"PORT={PORT} is no port. Use a number from 1 to 65535, such as 8000.")

# Who may ask

ENVIRONMENT = os.environ.get("ENVIRONMENT") or "development"
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(f"ENVIRONMENT={ENVIRONMENT!r} is unknown. Use development or production.")
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env_bool("DEBUG")
if IS_PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors. Unset it when ENVIRONMENT=production.")

SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
if IS_PRODUCTION:
    for name, value in {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": ALLOWED_HOSTS}.items():
        if not value:
            raise ImproperlyConfigured(f"{name} is not set. ENVIRONMENT=production does not start without it.")
SECRET_KEY = SECRET_KEY or kept_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", HOST]

# Absolute addresses (canonical links, feeds, the sitemap) never come from the request.
SITE_NAME = "ElendiHub"
# Shown while the site itself cannot answer: they do not depend on us.
OFFICIAL_SITES = {
    "Norway, www.dmp.no": "https://www.dmp.no",
    "EU law, eur-lex.europa.eu": "https://eur-lex.europa.eu",
    "Norwegian law, lovdata.no": "https://lovdata.no",
}
SITE_URL = site_address()

# What the site is made of

INSTALLED_APPS = [
    "elendihub.desk.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "markdownx",
    "csp",
    "elendihub",
    "legislation",
    "regulators",
    "articles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "elendihub.middleware.loopback_cookies",
    "elendihub.middleware.Guard",
    "elendihub.middleware.page_headers",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "elendihub.middleware.signed_writes",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "elendihub.urls"
WSGI_APPLICATION = "elendihub.wsgi.application"
# Form controls may have templates of our own.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "elendihub.context.site",
            ],
        },
    },
]

# The database: SQLite unless DATABASE_URL names a PostgreSQL

DATABASE_URL = os.environ.get("DATABASE_URL", "")
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "elendihub.sqlite3"}
DATABASES: dict[str, dict[str, Any]] = {"default": database_at(DATABASE_URL) if DATABASE_URL else SQLITE}
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | (
    {
        # Writers queue at BEGIN instead of failing at their first write; what was acknowledged is on the disk; a
        # REPLACE that would delete a published row meets the trigger that refuses it.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON",
    }
    if IS_SQLITE
    else {"pool": {"min_size": 1, "max_size": env_int("DATABASE_POOL", 8), "timeout": 5}}
)

# Language and time: one clock for every hub

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
CONTENT_DIR = BASE_DIR / "fixtures"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "elendihub.storage.StaticStorage"},
}
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_USE_FINDERS = DEBUG

# Markdown: one renderer everywhere, and our own two views instead of the library's

MARKDOWNX_MARKDOWNIFY_FUNCTION = "legislation.rendering.markdownify"
MARKDOWNX_URLS_PATH = "/admin/markdown/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/markdown/upload/"
MARKDOWNX_EDITOR_RESIZABLE = False

# Sign-in

AUTHENTICATION_BACKENDS = ["regulators.rights.HubBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "elendihub.errors.csrf_failure"
PREVIEW_LINK_DAYS = 7

# Publishing

# No text is published until somebody who did not write it has approved it; an emergency passes, and is labelled. Off
# for a team of one, whose record says of each version that it was published without a second person.
SECOND_PERSON = env_bool("SECOND_PERSON", default=IS_PRODUCTION)

# Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
# Cookies lose the mark again on plain-http loopback (middleware.loopback_cookies), so that `make run` can sign in.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_SSL_REDIRECT = IS_PRODUCTION and env_bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if IS_PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
FILE_UPLOAD_PERMISSIONS = 0o644
# Refused unread, whoever sends it; deploy/nginx.conf says the same before us.
BODY_MAX_BYTES = 6_291_456
IMAGE_MAX_BYTES = 5_000_000
IMAGE_MAX_PIXELS = 24_000_000

# How many texts one address may have checked in a minute, on the page and through the API together.
CHECKS_PER_MINUTE = env_int("CHECKS_PER_MINUTE", 30)
# How many evidence packs one address may have made in a minute.
PACKS_PER_MINUTE = env_int("PACKS_PER_MINUTE", 10)
# How many front servers stand between the visitors and this one, each adding the address it was asked from to the end
# of X-Forwarded-For. At 0 the header is not believed: anybody can send one.
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", 0)

# What the server tells its log

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"elendihub": {"level": "INFO"}},
}
