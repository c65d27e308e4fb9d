"""Django's settings. What an operator may change is read by config/env.py: docs/settings.md."""

from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config import env, sentry, storage
from config import env_urls as _urls

django_stubs_ext.monkeypatch()  # lets ModelAdmin[…] and the like be written at run time

BASE_DIR = env.BASE_DIR
VAR_DIR = env.var_dir()
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.boolean("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ENCRYPTION_KEYS = env.fernet_keys("ENCRYPTION_KEYS")

# --- The world outside -------------------------------------------------------------------------
EMULATOR_URL = env.origin("EMULATOR_URL", "http://127.0.0.1:8001" if DEBUG else None)
IACREA_BASE_URL = env.origin("IACREA_BASE_URL", EMULATOR_URL)
PUBLIC_BASE_URL = env.origin("PUBLIC_BASE_URL", "http://127.0.0.1:8000")
LOOPBACK_ORIGINS = "http://127.0.0.1:*,http://localhost:*,http://[::1]:*"
OUTBOUND_ALLOW = env.origins("OUTBOUND_ALLOW", LOOPBACK_ORIGINS if DEBUG else "")
PUBLIC_URL_IS_HTTPS = str(PUBLIC_BASE_URL).startswith("https://")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [str(urlsplit(PUBLIC_BASE_URL).hostname)]
CSRF_TRUSTED_ORIGINS = [str(PUBLIC_BASE_URL)]
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

# --- Deadlines of a generation's life, in seconds (docs/lifecycle.md) --------------------------
QUEUED_DEADLINE_S = env.seconds("QUEUED_DEADLINE_S", 24 * 3600)
SUBMIT_LEASE_S = env.seconds("SUBMIT_LEASE_S", 180)
UNCONFIRMED_DEADLINE_S = env.seconds("UNCONFIRMED_DEADLINE_S", 30 * 60)
PROCESSING_DEADLINE_S = env.seconds("PROCESSING_DEADLINE_S", 24 * 3600)
ARCHIVING_DEADLINE_S = env.seconds("ARCHIVING_DEADLINE_S", 6 * 3600)
LATE_POLL_S = env.seconds("LATE_POLL_S", 24 * 3600)
LATE_WATCH_S = env.seconds("LATE_WATCH_S", 7 * 24 * 3600)
FIRST_POLL_S = env.seconds("FIRST_POLL_S", 20)
POLL_MIN_S = env.seconds("POLL_MIN_S", 5)
POLL_MAX_S = env.seconds("POLL_MAX_S", 60)
INPUT_FETCH_S = env.seconds("INPUT_FETCH_S", 10)
RESULT_LINK_S = env.seconds("RESULT_LINK_S", 7 * 24 * 3600)
INPUT_LINK_S = env.seconds("INPUT_LINK_S", 30 * 24 * 3600)
WORKING_IMAGE_MAX_EDGE = env.seconds("WORKING_IMAGE_MAX_EDGE", 4096)

# --- Django ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "accounts",
    "integrations.iacrea",
    "integrations.webhooks",
    "projects",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django_linear_migrations",
    "django_q",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]
MIDDLEWARE = [
    "integrations.doors.request_id.RequestIdMiddleware",
    "integrations.doors.measured.MeasuredMiddleware",
    "integrations.doors.proxies.TrustedProxiesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.seen.SeenMiddleware",
    "accounts.staff_second_factor.StaffSecondFactorMiddleware",
    # Last: all others see the staff person, whose session it is.
    "projects.desk.looking.middleware.LookingMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "projects.views.context.shell",
            ]
        },
    }
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": _urls.database("DATABASE_URL", VAR_DIR / "parterre.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        # IMMEDIATE makes every atomic() a writer from its start, so that two of them queue up
        # instead of failing half-way; FULL because a submit must never precede its commit.
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        # A file: the tests' workers are other threads and processes.
        "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    # What the address itself says (?sslmode=require&options=…) goes before.
    DATABASES["default"]["OPTIONS"] = _urls.POSTGRES | DATABASES["default"].get("OPTIONS", {})

# "table" stands in for a Redis that is lost.
CACHES = {"default": _urls.cache("CACHE_URL"), "table": _urls.TABLE}
STORAGES = storage.backends(env.text("STORAGE_URL"), VAR_DIR)
# Photos are read through our own view, one chunk at a time, never from memory at once.
FILE_UPLOAD_HANDLERS = [
    "integrations.doors.uploads.AtMostAPhoto",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 1  # no form of ours has more
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# Sets EMAIL_BACKEND, EMAIL_HOST and the like; unset, mails are files to read in var/mail.
globals().update(_urls.email("EMAIL_URL", VAR_DIR / "mail"))
EMAIL_TIMEOUT = 10  # without it a silent mail server holds a page for ever
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Parterre <bonjour@parterre.example>")
# Who is told that an agency asks for photos.
OPERATOR_EMAIL = env.mailbox("OPERATOR_EMAIL")

# --- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("projects:list")
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Whether anybody may open an agency of their own, with trial photos on the embedded engine.
SIGN_UP = env.boolean("SIGN_UP", DEBUG)
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
# From the sign-in, whatever is done meanwhile: accounts/sessions.py.
SESSION_ENGINE = "accounts.sessions"
SESSION_DAYS = env.seconds("SESSION_DAYS", 14)
SESSION_COOKIE_AGE = SESSION_DAYS * 24 * 3600
# Beside allauth's own, in the cache that all web processes share. By address of the visitor and by
# what they typed: each sign-up mails somebody.
ACCOUNT_RATE_LIMITS = {"signup": "10/m/ip,5/d/key", "confirm": "10/m/ip,10/h/key"}
# Photos and zones that pages take: of a person, and four times as many of an agency.
PAGE_PHOTOS_PER_MINUTE = env.seconds("PAGE_PHOTOS_PER_MINUTE", 30)
ACCOUNT_RATE_LIMITS["photos_of_a_person"] = f"{PAGE_PHOTOS_PER_MINUTE}/m/key"
ACCOUNT_RATE_LIMITS["photos_of_an_agency"] = f"{4 * PAGE_PHOTOS_PER_MINUTE}/m/key"
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers take "http" for secure at localhost only, so that this is of development.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_URL_IS_HTTPS
# Each sign-in is two calls, and an office has one address.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# Whether the support desk opens only to staff who have a second factor.
STAFF_MFA_REQUIRED = env.boolean("STAFF_MFA_REQUIRED", True)
# Addresses are typed by the operator (create_agency), so nobody clicks a link to prove them.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# --- Language ----------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# --- Static files, browser rules ---------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": "/csp-reports",
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUBLIC_URL_IS_HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = PUBLIC_URL_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PUBLIC_URL_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PUBLIC_URL_IS_HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The limits of sign-in count the visitor: by the proxy's address one guesser locks out all.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["projects.api.parsers.BoundedJsonParser"],
    # `?format=csv` is a field of ours.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "integrations.doors.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parterre",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    # What is asked and what is answered are different objects.
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    # Docstrings are for us; what callers are told stands in projects/reference/.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
}
# For each key, test keys too: what a client meets in test mode it meets in production.
API_CALLS_PER_MINUTE = env.seconds("API_CALLS_PER_MINUTE", 600)
API_CREATES_PER_MINUTE = env.seconds("API_CREATES_PER_MINUTE", 120)
# Whether calls are kept for 30 days (accounts/request_log.py). The tests' own process keeps none.
REQUEST_LOG = True
# Open pages ask for what has changed this many times less often: for an hour with too much to do.
LIVE_POLL_TIMES = env.seconds("LIVE_POLL_TIMES", 1)

# --- Jobs: docs/jobs.md gives the reason for each value ----------------------------------------
Q_CLUSTER = {
    "name": "default",
    "orm": "default",
    "workers": 4,
    "queue_limit": 4,
    "bulk": 1,
    "timeout": 150,
    "retry": 480,
    "ack_failures": True,
    "max_attempts": 1,
    "save_limit": -1,
    "poll": 0.2,
    "guard_cycle": 0.5,
    "catch_up": False,
    "recycle": 1000,
    "max_rss": 300_000,
    "compress": False,
    "cache": "default",
    "ALT_CLUSTERS": {},
}
# Tasks about jobs that the workers of all hosts have at once: one less than there are workers, so
# that the sweep's next term and the canary always find one that is free.
JOB_WORKERS = env.seconds("JOB_WORKERS", 3)
# Jobs in flight: being sent, and at iacrea for less than ten minutes.
DISPATCH_SLOTS = env.seconds("DISPATCH_SLOTS", 40)
# Jobs of one agency, in one mode, that wait or run at once; above it none is accepted.
JOBS_PER_AGENCY = env.seconds("JOBS_PER_AGENCY", 10_000)
# What an agency's photos and pictures may take, unless support gave it a figure of its own.
STORAGE_PER_AGENCY_GB = env.seconds("STORAGE_PER_AGENCY_GB", 100)
# Which of several clusters this is: the supervisor gives each a name of its own.
CLUSTER_NAME = env.text("CLUSTER_NAME", "")
# The supervisor asks for a sign of life, and starts the worker again when the last one is old.
CANARY_EVERY_S = env.seconds("CANARY_EVERY_S", 10)
CANARY_MAX_AGE_S = env.seconds("CANARY_MAX_AGE_S", 60)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name}{request_id}: {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        }
    },
    "filters": {
        "no_secret_paths": {"()": "config.logs.NoSecretPaths"},
        "names_request": {"()": "integrations.doors.request_id.NamesRequest"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["names_request", "no_secret_paths"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # It logs whole URLs, and some of ours are secrets.
        "urllib3": {"level": "ERROR"},
        # Forty lines of each quote sheet, with the letters that are on it.
        "fontTools": {"level": "WARNING"},
    },
}

# --- Who may read /metrics: docs/monitoring.md --------------------------------------------------
METRICS_TOKEN = env.text("METRICS_TOKEN")

# --- Who runs this installation, as its legal pages say: docs/legal-pages.md --------------------
OPERATOR_NAME = env.text("OPERATOR_NAME")
OPERATOR_ADDRESS = env.text("OPERATOR_ADDRESS")
LEGAL_DIR = env.folder("LEGAL_DIR")

# --- Who is told of errors, beside the log: docs/monitoring.md ----------------------------------
SENTRY_DSN = env.text("SENTRY_DSN")
SENTRY_ENVIRONMENT = env.text("SENTRY_ENVIRONMENT", "production")
SENTRY_RELEASE = env.text("SENTRY_RELEASE")
if SENTRY_DSN and sentry.is_installed():
    sentry.start(SENTRY_DSN, environment=SENTRY_ENVIRONMENT, release=SENTRY_RELEASE)
