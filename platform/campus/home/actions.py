"""What the first page keeps: first steps put away, and stays."""

from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone

from campus.cohorts.models import Role
from campus.home.models import FirstPage
from campus.people.models import Person

# Whoever comes back within so long is still at the same work.
STAY = timedelta(hours=6)


def first_page_of(person: Person) -> FirstPage:
    """What is kept of the person; begins a stay where the last one is over."""
    now, page = timezone.now(), FirstPage.objects.filter(person=person).first()
    if page is None:
        return _begin(person)
    if now - page.stay_began_at > STAY:
        page.stay_before_at, page.stay_began_at = page.stay_began_at, now
        page.save(update_fields=["stay_before_at", "stay_began_at"])
    return page


def _begin(person: Person) -> FirstPage:
    """At the first visit; one statement, for this page asks for much else. Two windows may open it at once."""
    try:
        return FirstPage.objects.create(person=person)
    except IntegrityError:
        return FirstPage.objects.get(person=person)


def put_away(*, person: Person, role: Role) -> None:
    """Show the role's first steps on the home page no more."""
    page = first_page_of(person)
    page.put_away = sorted({*page.put_away, role.value})
    page.save(update_fields=["put_away"])


def take_out(*, person: Person, role: Role) -> None:
    """Show them again."""
    page = first_page_of(person)
    page.put_away = [one for one in page.put_away if one != role]
    page.save(update_fields=["put_away"])
