"""Django's settings, all derived from campus.environment."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from campus.environment import ROOT, Institution, read_environment
from campus.stack.logs import logging_config
from campus.stack.postgres import database_settings
from campus.stack.secrets import rsa_key, secret
from campus.stack.sockets import socket_folder


def apps_of(institutions: list[Institution]) -> list[dict[str, Any]]:
    """The institutions as allauth wants them."""
    return [
        {
            "provider_id": one.key,
            "name": one.name,
            "client_id": one.client_id,
            "secret": one.client_secret,
            "settings": {"server_url": one.issuer, "domains": one.domains},
        }
        for one in institutions
    ]


ENVIRONMENT = read_environment()
DATA_DIR = ENVIRONMENT.data_dir
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key or secret(DATA_DIR, "django-secret-key")
SITE_URL = ENVIRONMENT.public_url()
_site = urlsplit(SITE_URL)
IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = [_site.hostname, "127.0.0.1", "localhost", *ENVIRONMENT.allowed_hosts]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "campus.ui",
    "campus.people",
    "campus.live",
    "campus.notices",
    "campus.cohorts",
    "campus.consents",
    "campus.questionnaires",
    "campus.intake",
    "campus.teams",
    "campus.cases",
    "campus.submissions",
    "campus.rescoring",
    "campus.deliverables",
    "campus.discussion",
    "campus.grouping",
    "campus.reviews",
    "campus.mentoring",
    "campus.progress",
    "campus.announcements",
    "campus.meetings",
    "campus.notebooks",
    "campus.lti",
    "campus.scim",
    "campus.badges",
    "campus.search",
    "campus.home",
    "campus.demo",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_structlog",
    "procrastinate.contrib.django",
    "rules.apps.AutodiscoverRulesConfig",
]
MIDDLEWARE = [
    "campus.ui.hosts.one_host",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "campus.people.middleware.PersonLocaleMiddleware",
    "campus.people.activity.LastSeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "campus.urls"
WSGI_APPLICATION = "campus.wsgi.application"
ASGI_APPLICATION = "campus.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "campus.ui.templating.Templates",
        "NAME": "pages",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campus.ui.context.site",
            ],
        },
    },
    # Plain text, for mails: nothing is escaped.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "text",
        "APP_DIRS": True,
        "OPTIONS": {"autoescape": False},
    },
]

DATABASES = {"default": database_settings(ENVIRONMENT.database_url, DATA_DIR)}
# Shared by all web processes, so that limits on sign-in count once for the whole site; made by people's migrations.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # E-mail is unique, by a constraint on its lower case.
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Sign-in by e-mail; allauth limits the rate of failed logins, sign-ups and resets.
ACCOUNT_ADAPTER = "campus.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "campus.people.forms.SignupForm"
ACCOUNT_FORMS = {
    "change_password": "campus.people.account_forms.ChangePasswordForm",
    "reset_password_from_key": "campus.people.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A whole class may sit behind one address on the first day; a single account is guarded per key.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/300s/key", "signup": "120/m/ip"}
# A second factor: passkeys and security keys, an authenticator app, and codes for when both are lost.
MFA_ADAPTER = "campus.people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "campus.people.second_factor_forms.AddPasskeyForm",
    "edit_webauthn": "campus.people.second_factor_forms.EditPasskeyForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS  # Browsers allow that on localhost only.
# Institutions' accounts. A link leads to them: the redirect after a form would break our form-action policy.
SOCIALACCOUNT_ADAPTER = "campus.people.institutions.InstitutionAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps_of(ENVIRONMENT.institutions)}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
# By which LMSs know this site as an LTI tool.
LTI_SIGNING_KEY = ENVIRONMENT.lti_signing_key or secret(DATA_DIR, "lti-signing-key", rsa_key)
# The site is the OpenID provider of the Hub.
IDP_OIDC_ADAPTER = "campus.notebooks.sign_on.ProviderAdapter"
IDP_OIDC_PRIVATE_KEY = ENVIRONMENT.oidc_signing_key or secret(DATA_DIR, "oidc-signing-key", rsa_key)
# allauth hands out a refresh token with every access token. Nobody may use it, so let it go with the other.
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
HUB_CLIENT_SECRET = ENVIRONMENT.hub_client_secret or secret(DATA_DIR, "hub-client-secret")
HUB_SERVICE_TOKEN = ENVIRONMENT.hub_service_token or secret(DATA_DIR, "hub-service-token")
HUB_API_TOKEN = ENVIRONMENT.hub_api_token or secret(DATA_DIR, "hub-api-token")
# Encrypts the keys that sign badges where they lie in the database; of its own, so that nothing else unlocks them.
BADGE_KEY_SECRET = ENVIRONMENT.badge_key_secret or secret(DATA_DIR, "badge-key-secret")
NOTEBOOK_URL = ENVIRONMENT.public_notebook_url()
STARTER_SOURCES = ROOT / "notebooks/starters"
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
NINJA_NUM_PROXIES = ENVIRONMENT.trusted_proxies
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "campus_session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "campus_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "campus_language"
LOCALE_PATHS = [ROOT / "platform/campus/locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# What the Makefile picks from the front-end packages.
STATICFILES_DIRS = [ROOT / "node_modules/.static"]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "campus.submissions.storage.AtomicFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = ENVIRONMENT.upload_limit_mb * 1024 * 1024
# Django limits fields by that, but no files: even the sign-in page would take in gigabytes.
FILE_UPLOAD_HANDLERS = [
    "campus.ui.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# What pictures and certificates are written with; it comes with the front-end packages.
FONT_FOLDER = ROOT / "node_modules/@expo-google-fonts/noto-sans-jp"

# Case packs that come with the project, and where installed versions are kept.
CASE_SOURCES = ROOT / "exercises"
CASE_ROOT = DATA_DIR / "cases"
# Its digest stands beside every score: the environment that turned a submission into predictions.
RUNNER_SOCKET: Path = ENVIRONMENT.runner_socket or socket_folder(DATA_DIR, "runner") / "runner.sock"
RUNNER_LOCK = ROOT / "requirements/runner.txt"

DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
# Where campus.notices puts mails; empty, it sends them by SMTP.
MAIL_FOLDER = DATA_DIR / "mail" if ENVIRONMENT.email_url == "file" else None
EMAIL_BACKEND = "campus.notices.backend.OwedMail"
if ENVIRONMENT.email_url != "file":
    _mail = urlsplit(ENVIRONMENT.email_url)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(EMAIL_HOST_USER)

# One line per request, when it is answered; who asked is told by number, never by address.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING = logging_config(ENVIRONMENT.log_format, ENVIRONMENT.log_level)
FORM_RENDERER = "campus.ui.forms.CampusFormRenderer"
