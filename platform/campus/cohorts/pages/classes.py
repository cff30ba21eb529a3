"""The cohort's classes: the list, one class, and dealing learners into them with a preview."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.attributes import attributes
from campus.cohorts.class_list import class_list
from campus.cohorts.classes import (
    Dealing,
    assign_facilitators,
    deal_classes,
    make_classes,
    plan_dealing,
    remove_class,
    rename_class,
)
from campus.cohorts.dealing import Way
from campus.cohorts.forms import ClassForm, ClassNamesForm, DealingForm
from campus.cohorts.models import Cohort, Role, StudyClass

LEARNERS_PER_CLASS = 100


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def classes(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The classes with their sizes, and a form to make more."""
    listing = class_list(request, cohort)
    if answer := listing.download():
        return answer
    learners = cohort.enrolments.taking_part().filter(role=Role.LEARNER)
    waiting = learners.filter(study_class=None).count()
    form = ClassNamesForm(request.POST or None, initial={"count": max(1, -(-waiting // LEARNERS_PER_CLASS))})
    if request.method == "POST" and form.is_valid():
        names = form.names(set(cohort.classes.values_list("name", flat=True)))
        try:
            make_classes(cohort=cohort, names=names, actor=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The classes were created. Now assign learners to them."))
            return redirect("cohorts:classes", cohort=cohort.slug)
    context = {"cohort": cohort, "listing": listing, "waiting": waiting, "form": form}
    context["has_classes"] = cohort.classes.exists()
    return render(request, "cohorts/classes.html", context)


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def one_class(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Name and facilitators of a class."""
    found = get_object_or_404(StudyClass, cohort=cohort, pk=pk)
    form = ClassForm(request.POST or None, study_class=found)
    if request.method == "POST" and form.is_valid():
        try:
            rename_class(study_class=found, name=form.cleaned_data["name"], actor=request.user)
        except ValidationError as refused:
            form.add_error("name", refused)
        else:
            chosen = list(form.cleaned_data["facilitators"])
            assign_facilitators(study_class=found, facilitators=chosen, actor=request.user)
            messages.success(request, _("Saved."))
            return redirect("cohorts:classes", cohort=cohort.slug)
    return render(request, "cohorts/class.html", {"cohort": cohort, "study_class": found, "form": form})


@require_POST
@desk_page("cohorts.run_cohort")
def remove(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    found = get_object_or_404(StudyClass, cohort=cohort, pk=pk)
    try:
        remove_class(study_class=found, actor=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("cohorts:class", cohort=cohort.slug, pk=pk)
    messages.success(request, _("The class was removed."))
    return redirect("cohorts:classes", cohort=cohort.slug)


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def dealing(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Choose how (GET), look at the outcome (GET with the choice), do it (POST)."""
    data = request.POST if request.method == "POST" else request.GET
    form = DealingForm(data or None)
    context: dict[str, Any] = {"cohort": cohort, "form": form, "has_classes": cohort.classes.exists()}
    if not form.is_valid() or not context["has_classes"]:
        return render(request, "cohorts/dealing.html", context)
    chosen = form.cleaned_data
    plan = plan_dealing(cohort=cohort, way=Way(chosen["way"]), keys=chosen["keys"], anew=chosen["anew"])
    if request.method == "POST":
        if data.get("seen") == digest_of(plan):
            moved = deal_classes(cohort=cohort, dealing=plan, actor=request.user)
            text = ngettext(
                "%(count)s learner was put into a class.", "%(count)s learners were put into classes.", moved
            )
            messages.success(request, text % {"count": moved})
            return redirect("cohorts:classes", cohort=cohort.slug)
        messages.warning(
            request, _("People or classes have changed since you looked. Please look at the outcome again.")
        )
    context |= {"outcome": Outcome.of(plan, cohort), "seen": digest_of(plan)}
    return render(request, "cohorts/dealing.html", context)


def digest_of(plan: Dealing) -> str:
    """Tells whether the outcome is still the one that was looked at."""
    told = repr((sorted(plan.class_of.items()), sorted((one.pk, one.class_id) for one in plan.learners.values())))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Table:
    """How the values of one attribute would be distributed: a line for each value, a number for each class."""

    label: str | Promise
    lines: list[tuple[str, list[int], int]]


@dataclass(frozen=True)
class Outcome:
    """What the page shows of a plan. ``sizes``: class, size now, size then."""

    moved: int
    total: int
    sizes: list[tuple[StudyClass, int, int]]
    tables: list[Table]

    @classmethod
    def of(cls, plan: Dealing, cohort: Cohort) -> "Outcome":
        found = list(cohort.classes.order_by("name"))
        now = Counter(one.class_id for one in plan.learners.values())
        then = Counter(plan.class_of.values())
        labels = {one.key: one.label for one in attributes()}
        tables = [
            Table(labels[key], _lines(plan, place, [one.pk for one in found])) for place, key in enumerate(plan.keys)
        ]
        return cls(len(plan.moved), len(plan.learners), [(one, now[one.pk], then[one.pk]) for one in found], tables)


def _lines(plan: Dealing, place: int, classes: list[int]) -> list[tuple[str, list[int], int]]:
    counts = Counter((plan.learners[pk].values[place], class_id) for pk, class_id in plan.class_of.items())
    totals = Counter(one.values[place] for one in plan.learners.values())
    return [(value, [counts[value, one] for one in classes], total) for value, total in totals.most_common()]
