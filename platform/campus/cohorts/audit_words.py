"""What the audit log calls the actions on cohorts, classes and enrolments, and how it names them."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import Name, labels_for, names_of, words_for
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Programme, Role, StudyClass
from campus.cohorts.running import CHANGEABLE

words_for(
    {
        "programme.created": _("made the programme %(subject)s"),
        "programme.renamed": _("renamed the programme %(subject)s"),
        "cohort.created": _("made the cohort %(subject)s"),
        "cohort.cloned": _("made the cohort %(subject)s as a copy of %(source)s (%(parts)s)"),
        "cohort.changed": _("changed the cohort's settings (%(fields)s)"),
        "enrolment.board_name_chosen": _("chose the name shown on leaderboards (nickname: %(uses_alias)s)"),
    }
)


labels_for("role", dict(Role.choices))
labels_for("state", dict(EnrolmentState.choices))
labels_for("before", dict(Role.choices) | dict(EnrolmentState.choices))
labels_for("fields", {field.name: field.verbose_name for field in Cohort._meta.fields if field.name in CHANGEABLE})


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
