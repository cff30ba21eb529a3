"""What the first page keeps: first steps put away, and stays."""

from datetime import timedelta

from django.utils import timezone

from campus.cohorts.models import Role
from campus.home.models import FirstPage
from campus.people.models import Person

# Whoever comes back within so long is still at the same work.
STAY = timedelta(hours=6)


def first_page_of(person: Person) -> FirstPage:
    """What is kept of the person; begins a stay where the last one is over."""
    now = timezone.now()
    page = FirstPage.objects.filter(person=person).first()
    if page is None:  # One statement, also where two pages are opened at once.
        made = [FirstPage(person=person)]
        return FirstPage.objects.bulk_create(
            made, update_conflicts=True, unique_fields=["person"], update_fields=["person"]
        )[0]
    if now - page.stay_began_at > STAY:
        page.stay_before_at, page.stay_began_at = page.stay_began_at, now
        page.save(update_fields=["stay_before_at", "stay_began_at"])
    return page


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
