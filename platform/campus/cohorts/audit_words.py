"""What the audit log calls the actions on cohorts, classes and enrolments, and how it names them."""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campus.cohorts.attributes import attributes
from campus.cohorts.audit import Name, counted, group_of_actions, labels_for, names_of, words_for
from campus.cohorts.dealing import Way
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Programme, Role, StudyClass
from campus.cohorts.running import CHANGEABLE

words_for(
    {
        "programme.created": _("created the programme %(subject)s"),
        "programme.renamed": _("renamed the programme %(subject)s"),
        "cohort.created": _("created the cohort %(subject)s"),
        "cohort.cloned": _("created the cohort %(subject)s as a copy of %(source)s (%(parts)s)"),
        "cohort.changed": _("changed the cohort’s settings (%(fields)s)"),
        "class.made": _("created the class %(subject)s"),
        "class.renamed": _("renamed the class %(former)s to %(subject)s"),
        "class.removed": _("removed the class %(name)s"),
        "class.facilitators_set": _("set the facilitators of the class %(subject)s (%(count)s)"),
        "class.dealt": counted(
            "assigned %(count)s learner to classes (%(way)s; %(attributes)s)",
            "assigned %(count)s learners to classes (%(way)s; %(attributes)s)",
        ),
        "enrolment.class_changed": _("put %(subject)s into the class %(study_class)s"),
        "enrolment.state_changed": _("changed the state of %(subject)s from “%(before)s” to “%(state)s”"),
        "enrolment.role_changed": _("changed the role of %(subject)s from “%(before)s” to “%(role)s”"),
        "enrolment.resumed": _("let %(subject)s continue in the later cohort %(later)s"),
        "enrolment.noted": _("wrote a note about %(subject)s"),
        "enrolment.board_name_chosen": _("chose the name shown on leaderboards (nickname: %(uses_alias)s)"),
    }
)


group_of_actions("programme", _("Programmes"))
group_of_actions("cohort", _("Settings of the cohort"))
group_of_actions("class", _("Classes"))
group_of_actions("enrolment", _("People of the cohort"))
labels_for("way", {Way.BALANCED.value: _("balanced"), Way.GROUPED.value: _("grouped")})
labels_for("attributes", {one.key: one.label for one in attributes()})
labels_for("role", dict(Role.choices))
labels_for("state", dict(EnrolmentState.choices))
labels_for("before", dict(Role.choices) | dict(EnrolmentState.choices))
labels_for("fields", {field.name: field.verbose_name for field in Cohort._meta.fields if field.name in CHANGEABLE})


def _enrolments(ids: Collection[int]) -> dict[int, Name]:
    found = Enrolment.objects.filter(pk__in=ids).select_related("person", "cohort")
    return {one.pk: Name(one.person.name, reverse("cohorts:person", args=[one.cohort.slug, one.pk])) for one in found}


def _classes(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(one.name) for one in StudyClass.objects.filter(pk__in=ids)}


def _cohorts(ids: Collection[int]) -> dict[int, Name]:
    return {
        one.pk: Name(one.title, reverse("cohorts:cohort", args=[one.slug])) for one in Cohort.objects.filter(pk__in=ids)
    }


def _programmes(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(one.title) for one in Programme.objects.filter(pk__in=ids)}


def _named(text: str) -> Iterable[int]:
    return Enrolment.objects.filter(person__name__icontains=text).values_list("pk", flat=True).iterator()


names_of("enrolment", _enrolments, find=_named)
names_of("study_class", _classes)
names_of("cohort", _cohorts)
names_of("programme", _programmes)
