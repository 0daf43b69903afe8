"""All settings, in one file. What varies comes from the environment; a misspelt value stops the start."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

BASE_DIR = Path(__file__).resolve().parent.parent
MB = 1024 * 1024

env = Env()

SETTING_NAMES = (
    "HOST",
    "PORT",
    "DATABASE_URL",
    "NEWSARCHIVE_BACKGROUND",
    "NEWSARCHIVE_DATA",
    "NEWSARCHIVE_DEBUG",
    "NEWSARCHIVE_HOSTS",
    "NEWSARCHIVE_HTTPS",
    "NEWSARCHIVE_KEEP_SEARCHES",
    "NEWSARCHIVE_LOGIN",
    "NEWSARCHIVE_NAME",
    "NEWSARCHIVE_ORIGINS",
    "NEWSARCHIVE_PROXIES",
    "NEWSARCHIVE_RATE",
    "NEWSARCHIVE_SECRET_KEY",
    "NEWSARCHIVE_THREADS",
    "NEWSARCHIVE_UPLOAD_FILES",
    "NEWSARCHIVE_UPLOAD_MB",
    "NEWSARCHIVE_UPLOAD_TOTAL_MB",
    "NEWSARCHIVE_VERIFY_DAYS",
)


def from_environment(kind: str, name: str, default: Any, **rules: Any) -> Any:
    """The value of one setting. Raises `ImproperlyConfigured`, naming it, when it cannot be read as a `kind`."""
    try:
        return getattr(env, kind)(name, default, **rules)
    except (EnvError, ValueError) as error:
        problem = re.sub(r"^Environment variable \"\w+\" invalid: ", "", str(error)).strip("[]'")
        raise ImproperlyConfigured(
            f"The setting {name} cannot be used: {problem} The README lists them all."
        ) from error


def refuse_unknown_names() -> None:
    """A misspelt name would be silently without effect."""
    for name in os.environ:
        if name.startswith("NEWSARCHIVE_") and name not in SETTING_NAMES:
            meant = difflib.get_close_matches(name, SETTING_NAMES, n=1)
            hint = f" Did you mean {meant[0]}?" if meant else ""
            raise ImproperlyConfigured(f"There is no setting {name}.{hint} The README lists them all.")


def kept_folder(path: Path) -> Path:
    """The data folder, made on the first start; its owner's alone, because it holds the secret and all accounts."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def kept_secret(path: Path) -> str:
    """The key kept in `path`, made on the first start; readable by its owner alone."""
    try:
        make_secret(path)
        key = path.read_text().strip()
    except OSError as error:
        raise unwritable(path.parent, error) from error
    if not key:
        raise ImproperlyConfigured(f"The secret key in {path} is empty: delete the file and start again.")
    return key


def make_secret(path: Path) -> None:
    try:
        with open(path, "x", opener=owner_only) as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        return
    except OSError:
        # A full disk takes the name of a file but not its text.
        path.unlink(missing_ok=True)
        raise


def owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def unwritable(folder: Path, error: OSError) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"The data folder {folder} cannot be written to ({error.strerror}): "
        "free some space or give yourself the right to write there, or name another folder with NEWSARCHIVE_DATA."
    )


refuse_unknown_names()

# Where everything that is kept lives: database, originals, index, secret.
DATA = kept_folder(Path(from_environment("str", "NEWSARCHIVE_DATA", str(BASE_DIR / "var"))).expanduser().resolve())
ORIGINALS = DATA / "originals"
INDEX = DATA / "index"

HOST: str = from_environment("str", "HOST", "127.0.0.1")
PORT: int = from_environment("int", "PORT", 8000, validate=validate.Range(1, 65535))
THREADS: int = from_environment("int", "NEWSARCHIVE_THREADS", 8, validate=validate.Range(1, 256))
BACKGROUND: bool = from_environment("bool", "NEWSARCHIVE_BACKGROUND", True)
ARCHIVE_NAME: str = from_environment("str", "NEWSARCHIVE_NAME", "News Archive")

DEBUG: bool = from_environment("bool", "NEWSARCHIVE_DEBUG", False)
# Whether searches of readers that found nothing are kept for the desk (see fruitless.py).
KEEP_SEARCHES: bool = from_environment("bool", "NEWSARCHIVE_KEEP_SEARCHES", True)
# Whether only those who have an account may read (see wall.py).
LOGIN_WALL: bool = from_environment("bool", "NEWSARCHIVE_LOGIN", False)
HTTPS: bool = from_environment("bool", "NEWSARCHIVE_HTTPS", False)
CSRF_TRUSTED_ORIGINS: list[str] = from_environment("list", "NEWSARCHIVE_ORIGINS", [])
ALLOWED_HOSTS: list[str] = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    HOST,
    *from_environment("list", "NEWSARCHIVE_HOSTS", []),
    *(urlsplit(origin).hostname or "" for origin in CSRF_TRUSTED_ORIGINS),
]
# How many proxies in front say truly whom they speak for, and what one address may ask for in a minute (see limits.py).
PROXIES: int = from_environment("int", "NEWSARCHIVE_PROXIES", int(HTTPS), validate=validate.Range(0, 10))
RATE: int = from_environment("int", "NEWSARCHIVE_RATE", 600, validate=validate.Range(0))
SECRET_KEY: str = from_environment("str", "NEWSARCHIVE_SECRET_KEY", "") or kept_secret(DATA / "secret.key")

# Limits of one upload, and of one file in it.
UPLOAD_FILES: int = from_environment("int", "NEWSARCHIVE_UPLOAD_FILES", 1000, validate=validate.Range(1, 100_000))
UPLOAD_FILE_BYTES: int = MB * from_environment("int", "NEWSARCHIVE_UPLOAD_MB", 100, validate=validate.Range(1))
UPLOAD_TOTAL_BYTES: int = MB * from_environment("int", "NEWSARCHIVE_UPLOAD_TOTAL_MB", 500, validate=validate.Range(1))

# An original that was not read for so many days is read again when there is nothing else to do; 0 stands for never.
VERIFY_DAYS: int = from_environment("int", "NEWSARCHIVE_VERIFY_DAYS", 90, validate=validate.Range(0, 36_500))

INSTALLED_APPS = [
    "newsarchive",
    "articles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "haystack",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsarchive.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsarchive.wall.LoginWall",
    "newsarchive.limits.Limits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "articles.tombstones.TakedownMiddleware",
    "articles.unchanged.Unchanged",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "newsarchive.urls"
WSGI_APPLICATION = "newsarchive.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What readers see is written by Jinja2, the admin's pages by Django, as the rest of the admin is.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "pages"],
        "OPTIONS": {
            "environment": "articles.pages.environment",
            "context_processors": ["articles.context.archive"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "desk"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.context.archive",
            ],
        },
    },
]

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "archive.sqlite3",
    "OPTIONS": {
        # Several processes read and write at once, and what was acknowledged survives a power cut.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
            f"PRAGMA journal_size_limit = {64 * MB}; PRAGMA mmap_size = {128 * MB};"
        ),
    },
}
DATABASES = {
    "default": from_environment("dj_db_url", "DATABASE_URL", None) if os.environ.get("DATABASE_URL") else SQLITE
}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "articles.search.engine.backend.WhooshEngine",
        "PATH": INDEX,
        "SILENTLY_FAIL": False,
    },
}
# One model is indexed; narrowing each search to it would only cost time.
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
}

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What browsers ask for at the root of a site, whatever its pages say.
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Publication dates are civil dates where the paper appeared; UTC is their neutral carrier, and nothing shifts them.
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
# For those pages of the admin that Django writes.
FORMAT_MODULE_PATH = "newsarchive.formats"
# The first is written in the code; the others are in locale/ (docs/languages.md).
USE_I18N = True
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("fr", "Français"), ("de", "Deutsch"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "articles:login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# After so many wrong passwords for one name from one address, neither is let in together for a while.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "newsarchive.limits.address_of"
AXES_LOCKOUT_CALLABLE = "newsarchive.limits.locked"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The upload page sets its own; no other page takes files.
FILE_UPLOAD_HANDLERS = ["articles.admin.spool.NoFiles"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MB
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * MB // 10
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_FILES

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
