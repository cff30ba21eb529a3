"""Who may hear how a round goes: those who oversee it. Reviewers and authors hear of theirs on their own streams."""

from campus import live
from campus.people.models import Person
from campus.reviews.models import ReviewRound


@live.readable("reviews")
def can_follow_round(person: Person, round_id: int) -> bool:
    found = ReviewRound.objects.filter(pk=round_id).select_related("step__cohort_case__cohort").first()
    return found is not None and bool(person.has_perm("reviews.oversee", found.cohort))
