"""Every setting, in one file. What a person may change is read from the environment or `.env`; `.env.example` lists it all.

Nothing has to be set to start: the defaults are SQLite in `var/`, an embedded message broker in `var/` and a secret key made once and kept
there. A value that cannot be used stops the start with an error that names the variable and says how to mend it.
"""

import os
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured

from trialtracker.environment import database, each, kept_secret_key, mail_server, number, setting, text_like, yes_or_no

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

environ.Env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))  # what the environment already holds counts before the file

# --- Where the state lies ------------------------------------------------------------------------------------------------
VAR_DIR = setting("VAR_DIR", BASE_DIR / "var", Path).resolve()
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    is_writable = os.access(VAR_DIR, os.W_OK | os.X_OK)
except OSError:
    is_writable = False
if not is_writable:
    raise ImproperlyConfigured(f"VAR_DIR={str(VAR_DIR)!r} cannot be used: name a folder that this user may make and write to.")

# --- Who may reach it ----------------------------------------------------------------------------------------------------
DEBUG = setting("DEBUG", False, yes_or_no, "write true or false")
SECRET_KEY = setting("SECRET_KEY", "") or kept_secret_key(VAR_DIR / "secret_key")
if len(SECRET_KEY) < 40 or SECRET_KEY.startswith("change-me"):
    raise ImproperlyConfigured(
        "SECRET_KEY is too short or still the example's: leave it out (one is made in var/), or set 50 random characters, for instance "
        "from: python -c 'import secrets; print(secrets.token_urlsafe(64))'."
    )
ALLOWED_HOSTS = setting(
    "ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]"],
    each(text_like(r"[^/]+")),
    "write host names without https://, as in trials.example.org,www.example.org",
)
CSRF_TRUSTED_ORIGINS = setting(
    "CSRF_TRUSTED_ORIGINS", [], each(text_like(r"https?://[^/]+")), "write scheme and host, as in https://trials.example.org"
)
BEHIND_TLS = setting("BEHIND_TLS", False, yes_or_no, "write true where a proxy serves the site over https, else false")
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # who runs the site asks its processes past the proxy
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Scripts and styles come from our own files alone: nothing inline, so that markup which slips through still runs nothing. The API's
# documentation has one inline style, which carries a nonce, and icons written as data: addresses, as the admin's tables have.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": BEHIND_TLS,
    }
}

# --- The application -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "trialtracker.apps.TrialTrackerConfig",
    "therapies.apps.TherapiesConfig",
    "trials.apps.TrialsConfig",
    "alerts.apps.AlertsConfig",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "django_celery_beat",
    "django_celery_results",
    "import_export",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "trialtracker.apps.CuratingConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "trialtracker.apps.OurStaticFilesConfig",
]
MIDDLEWARE = [
    "trialtracker.metrics.count_requests",
    "trialtracker.logs.request_ids",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "trialtracker.headers.permissions_policy",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "trialtracker.pages.shared_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "trials.limits.Limits",
]
ROOT_URLCONF = "trialtracker.urls"
WSGI_APPLICATION = "trialtracker.wsgi.application"
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
                "trials.context.data_status",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
UPLOAD_MAX_BYTES = 2 * 1024 * 1024  # a table of judgements; nothing else is ever sent as a file
FILE_UPLOAD_HANDLERS = ["trialtracker.uploads.Bounded", *global_settings.FILE_UPLOAD_HANDLERS]
SESSION_COOKIE_AGE = 60 * 60 * 12  # a curator's working day
# Five wrong passwords for one name from one address close it to that address for a while; nobody can lock a curator out from elsewhere.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_CLIENT_IP_CALLABLE = "trials.limits.address_of"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who logged in when, and from where, is kept of failures alone
AXES_VERBOSE = False
STAFF_SECOND_FACTOR = setting(
    "STAFF_SECOND_FACTOR",
    "optional",
    text_like("off|optional|required"),
    "write optional to ask those for a code who have set one up, required to open the admin with one alone, or off",
)
OTP_TOTP_ISSUER = "TrialTracker"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "trialtracker.formats"
FORMS_URLFIELD_ASSUME_HTTPS = True  # Django 6.0's default, taken now; goes with 5.2

# --- Storage -------------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": setting(
        "DATABASE_URL",
        {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "trialtracker.sqlite3")},
        database,
        "write postgres://USER:PASSWORD@HOST:5432/NAME, or sqlite:////absolute/path/to/file.sqlite3; TrialTracker is tested on these two",
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Web and worker write at once: a write-ahead log, locks taken when a transaction starts, and patience instead of "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # The log goes into the database at 32 MB and not at 4: pages that several batches of a sync change are copied and flushed once.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=8000; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A page's questions are many small ones in one statement: compiling it first takes PostgreSQL longer than answering it does, and its
    # other cores answer other readers. Indexes lie on disks without moving heads, or in memory. The state of the data is asked for all day
    # (trials/version.py) and planned once in a connection; Django's own cursors prepare nothing.
    tuning = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
    DATABASES["default"]["OPTIONS"] = {"options": tuning, "prepare_threshold": 0} | DATABASES["default"].get("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 60

REDIS_URL = setting(
    "REDIS_URL", "", text_like(r"(rediss?|unix)://.+"), "write redis://HOST:6379/0, or leave it out for the embedded broker"
)
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "trialtracker.cache.SparableRedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "trialtracker"}}
else:
    CACHES = {"default": {"BACKEND": "trialtracker.cache.FileCache", "LOCATION": VAR_DIR / "cache", "OPTIONS": {"MAX_ENTRIES": 2_000}}}
# The pages that a process gave out last, beside those that all processes share: at most some 10 MB, and no round trip.
CACHES["process"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100}}

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "trialtracker" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "trialtracker.storage.StaticStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Background work -----------------------------------------------------------------------------------------------------
CELERY_TASK_SOFT_TIME_LIMIT = 60 * 60 * 6
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 300
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Redis hands a message out again when it was not acknowledged for this long: longer than any task runs after its longest wait to be
    # tried again (trials.tasks.RETRY_AFTER), or a task would be done twice.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_TASK_TIME_LIMIT + 60 * 60 * 3}
else:
    # Messages are files in var/broker: worker and beat are real processes all the same.
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "trialtracker.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": VAR_DIR / "broker" / "messages",
        "data_folder_out": VAR_DIR / "broker" / "messages",
        "control_folder": VAR_DIR / "broker" / "control",
        "polling_interval": 0.5,
    }
    for name in ("messages", "control"):
        (VAR_DIR / "broker" / name).mkdir(parents=True, exist_ok=True)
CELERY_RESULT_BACKEND = "django-db"  # with Redis too: the admin shows what became of each task, from these tables
CELERY_RESULT_EXTENDED = True
CELERY_RESULT_EXPIRES = 60 * 60 * 24 * 90
CELERY_TASK_TRACK_STARTED = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "trialtracker"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "trialtracker.schedules:Scheduler"
# Written to the database when beat first starts; edited in the admin from then on. The registry refreshes on weekdays by 14:00 UTC.
CELERY_BEAT_SCHEDULE = {
    "Daily: studies updated since the last sync": {"task": "trials.sync_updated", "schedule": crontab(hour="15", minute="20")},
    "Weekly: every study, and which are gone": {
        "task": "trials.sync_full",
        "schedule": crontab(hour="3", minute="40", day_of_week="sun"),
    },
    "Every ten minutes: alerts by e-mail": {"task": "alerts.deliver", "schedule": crontab(minute="*/10")},
    "Every ten minutes: what is wrong": {"task": "trialtracker.look_for_alarms", "schedule": crontab(minute="5-55/10")},
    "Monthly: a snapshot to cite": {"task": "trials.make_snapshot", "schedule": crontab(hour="5", minute="10", day_of_month="1")},
    "Weekly: whether the sources' links answer": {
        "task": "therapies.check_links",
        "schedule": crontab(hour="4", minute="50", day_of_week="mon"),
    },
}
DJANGO_CELERY_BEAT_TZ_AWARE = True
HEARTBEAT_FILE = setting("HEARTBEAT_FILE", None, Path)

# --- What is tracked -----------------------------------------------------------------------------------------------------
CTGOV_API_URL = setting(
    "CTGOV_API_URL",
    "https://clinicaltrials.gov/api/v2",
    text_like(r"https?://[^/\s]+[^\s?#]*"),
    "write the API's address, as in https://clinicaltrials.gov/api/v2",
).rstrip("/")
CTGOV_USER_AGENT = setting("CTGOV_USER_AGENT", f"TrialTracker/{VERSION} (open-source tracker of stem-cell trials in multiple sclerosis)")
CTGOV_PACE_SECONDS = setting(
    "CTGOV_PACE_SECONDS", 1.0, number(0, 60), "write the seconds to wait between two requests, at most 60; 0 for a server of your own"
)
TRACKER_CONDITION_QUERY = setting("TRACKER_CONDITION_QUERY", "multiple sclerosis")
TRACKER_INTERVENTION_QUERY = setting("TRACKER_INTERVENTION_QUERY", "")
TRACKER_TERM_QUERY = setting("TRACKER_TERM_QUERY", "")
TRACKER_TRACK = setting(
    "TRACKER_TRACK",
    "stem-cells",
    text_like("stem-cells|all"),
    "write stem-cells to track what our classifier finds, or all to track and list every study that the queries answer",
)
TRACKER_OVERLAP_DAYS = setting(
    "TRACKER_OVERLAP_DAYS", 3, number(1, 365, int), "write the whole days by which a daily sync looks back before the last one, 1 to 365"
)
TRACKER_MAX_LOSS_PERCENT = setting(
    "TRACKER_MAX_LOSS_PERCENT",
    5.0,
    number(0, 100),
    "write the share of known studies, 0 to 100 percent, that a complete sync may find gone before it stops and asks",
)

# --- How often one address may ask ---------------------------------------------------------------------------------------
FILES_PER_MINUTE = setting(
    "FILES_PER_MINUTE", 30, number(1, 1_000_000, int), "write how many files and feeds one address may take in a minute, 1 or more"
)
SEARCHES_PER_MINUTE = setting(
    "SEARCHES_PER_MINUTE", 120, number(1, 1_000_000, int), "write how often one address may search in a minute, 1 or more"
)
SUBSCRIPTIONS_PER_HOUR = setting(
    "SUBSCRIPTIONS_PER_HOUR", 20, number(1, 1_000_000, int), "write how often one address may ask for alerts in an hour, 1 or more"
)
API_REQUESTS_PER_MINUTE = setting(
    "API_REQUESTS_PER_MINUTE", 120, number(1, 1_000_000, int), "write how many API requests one address may make in a minute, 1 or more"
)

# --- The API -------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "trials.api.rules.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["trials.api.rules.ApiLimit"],
    "EXCEPTION_HANDLER": "trials.api.rules.explain",
    "NUM_PROXIES": 1 if BEHIND_TLS else 0,  # without a proxy, X-Forwarded-For is anybody's word
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "TrialTracker API",
    "DESCRIPTION": (
        "Clinical trials of stem-cell treatment for multiple sclerosis, from ClinicalTrials.gov, with our labels. Read only, no key. "
        "The parameters are those of the pages: a list's address, with /trials/ replaced by /api/v1/trials/, gives the same trials."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # else it shows our address to validator.swagger.io
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATION_PARAMETERS": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_EXPOSE_HEADERS = ["ETag", "Last-Modified", "Link", "Retry-After"]

# --- Alerts by e-mail ----------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 60
globals().update(
    setting(
        "EMAIL_URL", {}, mail_server, "write smtp+tls://USER:PASSWORD@HOST:587 (a password's special characters as %XX), or leave it out"
    )
)
SITE_URL = setting(
    "SITE_URL",
    "http://127.0.0.1:8000",
    text_like(r"https?://[^/\s]+/?"),
    "write the site's address as mails should show it, as in https://trials.example.org",
).rstrip("/")
DEFAULT_FROM_EMAIL = setting(
    "EMAIL_FROM", "TrialTracker <trialtracker@localhost>", text_like(r"[^\r\n]*@[^\r\n]*"), "write a sender, as in Name <name@example.org>"
)
ALERTS_PER_HOUR = setting("ALERTS_PER_HOUR", 300, number(1, 1_000_000, int), "write how many mails may leave in an hour, 1 or more")

# --- Alarms --------------------------------------------------------------------------------------------------------------
ALARM_MAILS = setting("ALARM_MAILS", [], each(text_like(r"[^\s@]+@[^\s@]+")), "write e-mail addresses separated by commas, or leave it out")
ALARM_SYNC_HOURS = setting("ALARM_SYNC_HOURS", 48, number(1, 10_000), "write after how many hours without a complete sync to wake a person")
ALARM_FAILED_PERCENT = setting(
    "ALARM_FAILED_PERCENT",
    5.0,
    number(0, 100),
    "write the share of a sync's studies, 0 to 100 percent, that may fail before it is an alarm",
)
ALARM_REVIEW_QUEUE = setting("ALARM_REVIEW_QUEUE", 200, number(0, 10_000_000, int), "write how many trials may wait for a curator")
ALARM_BACKLOG = setting("ALARM_BACKLOG", 100, number(1, 10_000_000, int), "write how many messages may wait for the worker, 1 or more")

# --- Logs ----------------------------------------------------------------------------------------------------------------
LOG_LEVEL = setting(
    "LOG_LEVEL", "INFO", text_like("(?i)debug|info|warning|error|critical"), "write DEBUG, INFO, WARNING, ERROR or CRITICAL"
).upper()
LOG_FORMAT = setting("LOG_FORMAT", "line", text_like("line|json"), "write line, or json for one JSON object a line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"in_hand": {"()": "trialtracker.logs.InHand"}},
    "formatters": {
        "line": {"()": "trialtracker.logs.Lines", "format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "trialtracker.logs.JSONLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["in_hand"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {name: {"level": LOG_LEVEL} for name in ("trials", "therapies", "alerts", "trialtracker")},
}

# --- Metrics and faults --------------------------------------------------------------------------------------------------
METRICS_TOKEN = setting("METRICS_TOKEN", "", text_like(r"[!-~]{20,}"), "write 20 or more random letters and digits, or leave it out")
SENTRY_DSN = setting("SENTRY_DSN", "", text_like(r"https?://[^/@\s]+@[^/\s]+/\S+"), "write https://KEY@HOST/PROJECT, or leave it out")
if SENTRY_DSN:  # half a second of every command's start where it is not wanted
    from trialtracker import reports

    reports.begin(SENTRY_DSN, VERSION)
