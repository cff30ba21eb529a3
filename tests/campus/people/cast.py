"""How the tests of people make and use accounts."""

import re
from typing import Any

from django.core import mail
from django.http import HttpResponse
from django.test import Client

from campus.people.models import Person

PASSWORD = "correct-horse-battery"


def signed_up(email: str, **fields: Any) -> Person:
    """A person with a verified address and PASSWORD."""
    person = Person.objects.create_user(email, PASSWORD, **fields)
    person.emailaddress_set.create(email=email, verified=True, primary=True)
    return person


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def link_in_last_mail() -> str:
    """The path of the link in the mail that was sent last."""
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found.group(1)
