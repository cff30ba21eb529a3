"""Fields of the discussion's forms that several of them have."""

from collections.abc import Iterable
from typing import Any

from django import forms

from campus.cohorts.models import Cohort
from campus.discussion.models import Place, Topic
from campus.discussion.words import name_of


class PlaceField(forms.TypedChoiceField):
    """One of the places that the form offers; its value is that place, as it was offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def offer(self, places: Iterable[Place], *, none: Any = None) -> None:
        """Let one of these be chosen; ``none`` is what it says where none is."""
        by_key = {str(one.pk): one for one in places}
        names: list[Any] = [(key, name_of(one)) for key, one in by_key.items()]
        self.choices = names if none is None else [("", none), *names]
        self.coerce = by_key.__getitem__


class TopicField(forms.ModelChoiceField):
    """One of a cohort's topics, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Topic.objects.none(), required=False, empty_label="—", **kwargs)


def offer(form: forms.Form, *, places: Iterable[Place], cohort: Cohort, no_place: Any = None) -> None:
    """Offer a form's places, and its topics where the cohort has some."""
    fields: dict[str, Any] = form.fields
    fields["place"].offer(places, none=no_place)
    fields["topic"].queryset = topics = Topic.objects.filter(cohort=cohort)
    if not topics:
        del fields["topic"]
