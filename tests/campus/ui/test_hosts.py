"""One host name for the site."""

from django.test import Client
from pytest_django import Settings


def test_localhost_leads_to_the_sites_own_address(client: Client, settings: Settings) -> None:
    answer = client.get("/cohorts/spring/?page=2", headers={"Host": "localhost:8000"})

    assert (answer.status_code, answer["Location"]) == (302, f"{settings.SITE_URL}/cohorts/spring/?page=2")


def test_a_host_below_localhost_is_not_the_sites(client: Client) -> None:
    assert client.get("/", headers={"Host": "nb.localhost:8000"}).status_code == 400
