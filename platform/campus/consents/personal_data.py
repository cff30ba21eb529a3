"""What consents hold of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.consents.queries import own_answers
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _consents(person: Person) -> Iterator[Row]:
    for answer, items in own_answers(person):
        for own in items:
            yield {
                "cohort": answer.version.cohort.slug,
                "version": answer.version.number,
                "answered_at": answer.answered_at,
                "item": own.item.key,
                "title": own.item.title,
                "text": own.item.text,
                "agrees": own.in_force is not None,
                "history": [{"given_at": one.given_at, "withdrawn_at": one.withdrawn_at} for one in own.history],
            }


hold(
    Holding(
        name="consents",
        label=pgettext_lazy("data held", "Your consents"),
        rows=_consents,
        gone=_("Your name disappears from them."),
        kept=_("Which version was agreed to and when, without your name: evidence that data was used with consent."),
    )
)
