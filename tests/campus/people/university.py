"""A university's own sign-in: a real OpenID Connect provider (allauth's) in a process and database of its own.

    python -m tests.campus.people.university PORT FOLDER CALLBACK

Its people are named by e-mail address; each says the password "university".
"""

import sys
from pathlib import Path

PASSWORD = "university"
CLIENT, SECRET = "campus", "a-secret-of-the-university"
# Each with an address that the university calls verified, also those that aren't its to speak for.
PEOPLE = {
    "prof@uni.example": "教授 正",
    "new@uni.example": "新 入",
    "hanako@example.org": "佐藤 花子",
    "boss@sub.uni.example": "Sub Domain",
    "link@uni.example": "See https://spam.example",
}


def configure(port: int, folder: Path, key: str) -> None:
    from django.conf import settings

    settings.configure(
        SECRET_KEY="university",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.campus.people.university",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "university.sqlite3"}},
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_LOGIN_METHODS={"email"},
        ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
        ACCOUNT_RATE_LIMITS=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SESSION_COOKIE_NAME="university_session",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        IDP_OIDC_PRIVATE_KEY=key,
        USE_TZ=True,
        STATIC_URL="/static/",
    )


def _private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def fill(callback: str) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for email, name in PEOPLE.items():
        first, _, last = name.rpartition(" ")
        user = User.objects.create_user(email, email, PASSWORD, first_name=first, last_name=last)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    client = Client(
        id=CLIENT, name="Campus", redirect_uris=callback, scopes="openid\nprofile\nemail", skip_consent=True
    )
    client.set_secret(SECRET)
    client.save()


def main() -> None:
    port, folder, callback = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    configure(port, folder, _private_key())
    import django

    django.setup()
    from wsgiref.simple_server import make_server

    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path

    globals()["urlpatterns"] = [path("accounts/", include("allauth.urls")), path("", include("allauth.idp.urls"))]
    fill(callback)
    make_server("127.0.0.1", port, get_wsgi_application()).serve_forever()


if __name__ == "__main__":
    sys.modules["tests.campus.people.university"] = sys.modules["__main__"]
    main()
