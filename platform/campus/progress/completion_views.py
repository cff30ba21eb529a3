"""Pages about completion: the learner's way to it, and for those who run the cohort its rule and what it does."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page, member_page
from campus.cohorts.models import Cohort
from campus.cohorts.queries import learner_enrolment
from campus.progress.completing import keep_completions, save_rule, take_back_completions
from campus.progress.completion import Outlook, rule_of, standings_in, way_of
from campus.progress.completion_forms import RuleForm, WhatIfForm
from campus.progress.completion_lists import change_list, question_list
from campus.progress.models import CompletionRule
from campus.progress.queries import progress_seen_by, steps_in
from campus.progress.what_if import effect_of

MOST_SETTLED = 500


@require_GET
@member_page
def way(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """What the learner needs for completion, what is there already, and what is missing by when."""
    enrolment = learner_enrolment(request.user, cohort)
    if enrolment is None:
        raise Http404
    return render(request, "progress/way.html", {"cohort": cohort, "way": way_of(enrolment)})


@require_GET
@desk_page("cohorts.look_after_learners")
def completion(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The rule in words, how many have completed and can, and completions that it does not bear out."""
    progress, rule = progress_seen_by(request.user, cohort), rule_of(cohort)
    found = standings_in(progress, rule)
    taking_part = [one for line, one in zip(progress.lines, found, strict=True) if line.state.takes_part]
    counts = Counter(one.outlook for one in taking_part)
    listing = question_list(request, progress, found)
    context = {
        "cohort": cohort,
        "counts": [(outlook, counts[outlook]) for outlook in Outlook],
        "rule": rule,
        "asked": [(step, rule.demand(step)) for step in progress.steps],
        "unrecorded": progress.unrecorded,
        "listing": listing,
        "may_change": request.user.has_perm("cohorts.run_cohort", cohort),
        "history": CompletionRule.objects.filter(cohort=cohort).select_related("saved_by")[:10],
    }
    return listing.download() or render(request, "progress/completion.html", context)


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def completion_rule(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Change the rule: first what it would do, then save it."""
    now = rule_of(cohort)
    form = RuleForm(request.POST or None, instance=rule_of(cohort), steps=steps_in(cohort))
    context: dict[str, Any] = {"cohort": cohort, "form": form, "rule": now}
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST and _save(request, cohort, form):
            return redirect("progress:completion", cohort=cohort.slug)
        progress = progress_seen_by(request.user, cohort)
        context |= {"effect": effect_of(progress, before=now, after=form.rule), "unrecorded": progress.unrecorded}
    return render(request, "progress/completion_rule.html", context)


def _save(request: MemberRequest, cohort: Cohort, form: RuleForm) -> bool:
    try:
        save_rule(
            cohort=cohort,
            demands=form.demands,
            **form.counts,
            based_on=form.cleaned_data["based_on"],
            actor=request.user,
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        # What is shown next is the effect on the rule that holds now; saving again is based on that one.
        form.data = {**request.POST.dict(), "based_on": str(rule_of(cohort).number)}
        return False
    messages.success(request, _("The rule was saved. Completions under it are recorded within a minute."))
    return True


@require_GET
@desk_page("cohorts.run_cohort")
def what_if(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Who would complete if…; nothing is changed."""
    progress, rule = progress_seen_by(request.user, cohort), rule_of(cohort)
    form = WhatIfForm(request.GET, progress=progress, rule=rule)
    if not form.is_valid():
        return render(request, "progress/what_if.html", {"cohort": cohort, "form": form})
    scenario = form.scenario
    effect = effect_of(progress, before=rule, after=scenario.rule, deadlines=scenario.deadlines)
    listing = change_list(request, cohort, effect)
    context = {"cohort": cohort, "form": form, "effect": effect, "listing": listing}
    return listing.download() or render(request, "progress/what_if.html", context)


@require_POST
@desk_page("cohorts.run_cohort")
def settle(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Keep the ticked completions that are in question, or take them back."""
    ticked = [int(pk) for pk in request.POST.getlist("selected")[:MOST_SETTLED] if pk.isdecimal() and len(pk) < 18]
    if not ticked:
        messages.warning(request, _("Please choose at least one learner in the list."))
    elif request.POST.get("what") == "take_back":
        count = take_back_completions(cohort=cohort, enrolments=ticked, actor=request.user)
        said = ngettext(
            "The completion of %(n)d learner was taken back.",
            "The completions of %(n)d learners were taken back.",
            count,
        )
        messages.success(request, said % {"n": count})
    else:
        count = keep_completions(cohort=cohort, enrolments=ticked, actor=request.user)
        said = ngettext(
            "The completion of %(n)d learner was kept.", "The completions of %(n)d learners were kept.", count
        )
        messages.success(request, said % {"n": count})
    return redirect("progress:completion", cohort=cohort.slug)
