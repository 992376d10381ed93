"""Every setting of the app, from the environment. `.env.example` lists what a host may want to set."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import valkey

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR = env.path("VAR", str(BASE_DIR / "var"))
DEBUG = env.bool("DEBUG", False)


def kept_secret() -> str:
    """The key of a development checkout: made once, kept under var/."""
    file = Path(VAR) / "secret-key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_urlsafe(50))
        file.chmod(0o600)
    return file.read_text()


SECRET_KEY = env.str("SECRET_KEY", "") or (kept_secret() if DEBUG else "")

# Where it is reached
PORT = env.int("PORT", 8000)
BASE_URL = env.str("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
BASE_HOST = BASE_URL.split("://")[1].split("/")[0].split(":")[0]
IS_SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[BASE_HOST] + (["localhost", "127.0.0.1"] if DEBUG else []))
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "apps.community",
    "apps.moderation",
    "apps.privacy",
    "apps.reminders",
    "apps.steps",
    "apps.afterwards",
    "apps.meals",
    "apps.movies",
    "apps.gatherings",
    "apps.safety",
    "apps.outbox",
    "apps.profiles",
    "apps.places",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "csp",
    "django_htmx",
    "template_partials",
    "lucide",
    *(["django_mail_preview"] if DEBUG else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.isolation.isolation",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads its answers at random, so that sizes tell no secret (BREACH)
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.profiles.door.Door",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.profiles.visits.visits",
    "apps.profiles.closed.ClosedWithoutCache",
    "config.buttons.pages_of_buttons",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "apps.community.context.community",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# What it keeps
DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{VAR}/db.sqlite3")}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # IMMEDIATE takes the write lock when a transaction begins, which is what keeps a seat from being sold twice.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if env.bool("KEPT_PLANS", True):
        # To plan what a page asks takes longer than to find it (docs/decisions/kept-plans.md).
        kept_plans = {"server_side_binding": True, "prepare_threshold": 2}
        DATABASES["default"]["OPTIONS"] = kept_plans | DATABASES["default"].get("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 600  # opening one takes longer than all that a page asks of it
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "") or valkey.socket_url(Path(VAR))
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "chair",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    },
    # Pages that are the same for everybody, for half a minute, in each process; not while they are being worked on.
    "pages": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
SESSION_ENGINE = "apps.profiles.sessions"
SESSION_COOKIE_AGE = 90 * 24 * 3600  # from the last act that was kept in it
SESSION_LASTS_AT_MOST = 180 * 24 * 3600  # from signing in, whatever happens

# Members and how they sign in
AUTH_USER_MODEL = "profiles.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "steps:table"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.outbox.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code proves the address before an account exists
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "60/m/ip",
    "mail_code": "6/10m/key",
    "guess_code": "20/10m/key",
    "report": "10/h/key",
    "picture": "30/h/key",
}
# Behind a proxy, which https means, a visitor is told from another by what the proxy says of them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1 if IS_SECURE else 0)
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"login_webauthn": "apps.profiles.forms.PasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # passkeys want https, or http://localhost

# Words, time, places
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
HOME_TOWN = env.str("HOME_TOWN", "bristol-gb" if DEBUG else "")

# The community. Who answers when something is wrong, and by when, is so until a keeper saves their page.
COMMUNITY_NAME = env.str("COMMUNITY_NAME", "Pull Up a Chair")
COMMUNITY_EMAIL = env.str("COMMUNITY_EMAIL", f"hello@{BASE_HOST if '.' in BASE_HOST else 'localhost.example'}")
COMMUNITY_ANSWERED_BY = env.str("COMMUNITY_ANSWERED_BY", "")
COMMUNITY_ANSWERED_WITHIN = env.str("COMMUNITY_ANSWERED_WITHIN", "")
QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", "https://www.wikipedia.org/")
if not QUICK_EXIT_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("QUICK_EXIT_URL must begin with https:// or http://, as every page has a link to it.")

# Mail: SMTP by EMAIL_URL; in development everything lands in the mailbox at /mail/
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{COMMUNITY_NAME} <{COMMUNITY_EMAIL}>")
SERVER_EMAIL = COMMUNITY_EMAIL
MAIL_PREVIEW_ROOT = Path(VAR) / "mail"
MAIL_PREVIEW_MAX_MESSAGES = 1000
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 20)  # seconds
# A service instead of a server, by anymail: EMAIL_SERVICE=postmark, and what it wants as ANYMAIL_POSTMARK_SERVER_TOKEN.
# With ANYMAIL_WEBHOOK_SECRET it may tell what came back, also where mail goes through its SMTP by EMAIL_URL.
EMAIL_SERVICE = env.str("EMAIL_SERVICE", "")
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
if EMAIL_SERVICE and not env.str("EMAIL_URL", ""):
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_SERVICE}.EmailBackend"
elif env.str("EMAIL_URL", "") or not DEBUG:
    vars().update(env.email_url("EMAIL_URL", "smtp://localhost:25"))
else:
    EMAIL_BACKEND = "django_mail_preview.backends.EmailBackend"

# Jobs
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for as long as it takes
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # With the broker away, waking the worker fails at once, and the sweep does it: `retry=False` alone would have a web
    # process try for ever to connect. Worker and beat have their own, patient way to come back.
    "max_retries": 0,
    "visibility_timeout": 600,
    "unacked_restore_interval": 60,
    "unacked_restore_throttle": 30,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "offers that lapse, lines that move": {
        "task": "apps.gatherings.tasks.minute",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "votes that close": {
        "task": "apps.movies.tasks.minute",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "what a block or a leaving makes void": {
        "task": "apps.afterwards.tasks.minute",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "shares of months that are over": {
        "task": "apps.afterwards.tasks.night",
        "schedule": crontab(hour=3, minute=37),
    },
    "make what was asked for, end what is over": {
        "task": "apps.privacy.tasks.often",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "pictures that wait, files that nobody remembers": {
        "task": "apps.profiles.tasks.often",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "forget what is not to be kept": {
        "task": "apps.privacy.tasks.night",
        "schedule": crontab(hour=3, minute=17),
    },
    "let back in who was suspended until today": {
        "task": "apps.moderation.tasks.hour",
        "schedule": crontab(minute=7),
    },
    "find what is due and send it": {
        "task": "apps.reminders.tasks.minute",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
}

# Files
EXPORTS_ROOT = Path(VAR) / "exports"  # no web server serves it; web and worker both need it
PICTURES_ROOT = Path(VAR) / "pictures"  # likewise
FILE_UPLOAD_HANDLERS = ["apps.profiles.uploads.OnlyWhereAsked"]
STATIC_URL = "/static/"
STATIC_ROOT = Path(VAR) / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# What protects a visit
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
    "EXCLUDE_URL_PREFIXES": ["/mail/"] if DEBUG else [],  # the mailbox sets its own, for its frames
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": ["self"],
    "microphone": [],
    "payment": [],
    "usb": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_SECURE else 0
# A community may share its domain with others: HSTS for subdomains and preloading are the domain's choice, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_NAME = "__Host-session" if IS_SECURE else "session"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_SECURE else "language"
LANGUAGE_COOKIE_SECURE = IS_SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TOWN_COOKIE_NAME = "__Host-town" if IS_SECURE else "town"
MESSAGE_STORAGE = "config.notices.Notices"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.Formatter", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "filters": {"telling": {"()": "config.logs.Telling"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "WARNING", "filters": ["telling"]}},
}
