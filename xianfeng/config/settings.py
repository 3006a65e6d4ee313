"""Settings. Each XIANFENG_… variable is told in docs/settings.md; a test holds the two together."""

import os
import tomllib
from pathlib import Path

from xianfeng.config.database import from_url
from xianfeng.config.keys import installation_secret

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("XIANFENG_VAR", ROOT / "var"))
CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"

DEMO = os.environ.get("XIANFENG_DEMO") == "1"
DEBUG = False
SECRET_KEY = installation_secret(VAR)
ALLOWED_HOSTS = os.environ.get("XIANFENG_HOSTS", "*" if DEMO else "localhost,127.0.0.1").split(",")
HTTPS = os.environ.get("XIANFENG_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "xianfeng.foundation.kernel",
    "xianfeng.foundation.record",
    "xianfeng.foundation.places",
    "xianfeng.foundation.people",
    "xianfeng.foundation.notices",
    "xianfeng.foundation.ui",
    "xianfeng.matters",
    "xianfeng.services.meetings",
    "xianfeng.services.mediation",
    "xianfeng.services.studios",
    "xianfeng.recognition.merit",
    "xianfeng.recognition.showcase",
    "xianfeng.recognition.honours",
    "xianfeng.recognition.portraits",
    "xianfeng.doors.portal",
    "xianfeng.doors.desk",
    "xianfeng.doors.gateways",
    "xianfeng.doors.cockpit",
    "xianfeng.doors.demo",
    "xianfeng.config",
]

MIDDLEWARE = [
    *(["xianfeng.doors.demo.seats.SeatMiddleware"] if DEMO else []),
    "xianfeng.foundation.ui.csp.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "xianfeng.foundation.people.sessions.SessionMiddleware",
    "xianfeng.foundation.ui.preferences.PreferencesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xianfeng.foundation.ui.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "xianfeng.config.urls"
WSGI_APPLICATION = "xianfeng.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "xianfeng.foundation.ui.context.page",
            ],
        },
    }
]

DATABASES = {
    "default": from_url(os.environ.get("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/xianfeng"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
USE_I18N = True
USE_TZ = True
_city = tomllib.loads((CATALOGUE / "areas" / "city.toml").read_text(encoding="utf-8"))
TIME_ZONE = os.environ.get("XIANFENG_TIME_ZONE", _city["time_zone"])

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "xianfeng.foundation.ui.refusals.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
APPEND_SLASH = False

CODE_SENDER = os.environ.get(
    "XIANFENG_CODE_SENDER",
    "xianfeng.foundation.people.senders.QuietSender"
    if DEMO
    else "xianfeng.foundation.people.senders.ConsoleSender",
)

STREAM_ORIGIN = os.environ.get("XIANFENG_ORIGIN", "")
STREAM_PORT = int(os.environ.get("XIANFENG_STREAM_PORT", "0"))
CHECKPOINTS = VAR / "checkpoints"
KEYS = VAR / "keys"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # a lost claim or a wrong code is an answer, not a fault: Django would write a line for each
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("XIANFENG_LOG", "WARNING")},
}
