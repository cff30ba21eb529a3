"""Who writes announcements, and who reads them."""

import rules

from campus.announcements.models import Announcement, Recipient, State
from campus.cohorts.rules import is_facilitator, is_member, is_organiser
from campus.people.models import Person


@rules.predicate
def runs_its_cohort(person: Person, announcement: Announcement) -> bool:
    return bool(is_organiser(person, announcement.cohort))


@rules.predicate
def wrote_it_as_facilitator(person: Person, announcement: Announcement) -> bool:
    """Facilitators see their own announcements, not those of others."""
    return announcement.author_id == person.pk and bool(is_facilitator(person, announcement.cohort))


@rules.predicate
def got_it(person: Person, announcement: Announcement) -> bool:
    """Whoever got it may read it for as long as they take part."""
    return (
        announcement.state == State.SENT
        and bool(is_member(person, announcement.cohort))
        and Recipient.objects.filter(announcement=announcement, person=person).exists()
    )


rules.add_perm("announcements.write", is_organiser | is_facilitator)
rules.add_perm("announcements.manage_announcement", runs_its_cohort | wrote_it_as_facilitator)
rules.add_perm("announcements.read_announcement", got_it | runs_its_cohort | wrote_it_as_facilitator)
