"""What the audit log calls the actions on cohorts, classes and enrolments, and how it names them."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import Name, names_of, words_for
from campus.cohorts.models import Cohort, Enrolment, Programme, StudyClass

words_for(
    {
        "enrolment.board_name_chosen": _("chose the name shown on leaderboards (nickname: %(uses_alias)s)"),
    }
)


def _enrolments(ids: Collection[int]) -> dict[int, Name]:
    found = Enrolment.objects.filter(pk__in=ids).select_related("person")
    return {one.pk: Name(one.person.name) for one in found}


def _classes(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(one.name) for one in StudyClass.objects.filter(pk__in=ids)}


def _cohorts(ids: Collection[int]) -> dict[int, Name]:
    return {
        one.pk: Name(one.title, reverse("cohorts:cohort", args=[one.slug])) for one in Cohort.objects.filter(pk__in=ids)
    }


def _programmes(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(one.title) for one in Programme.objects.filter(pk__in=ids)}


names_of("enrolment", _enrolments)
names_of("study_class", _classes)
names_of("cohort", _cohorts)
names_of("programme", _programmes)
