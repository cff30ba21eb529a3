"""The team's space: members, weekly slot and discussion; contributions and the evaluation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campus.cohorts.access import MemberRequest, desk_page, member_page
from campus.cohorts.models import Cohort, Enrolment
from campus.grouping import contributing, evaluating
from campus.grouping.keeping import common_slots, milestones_of, space_of
from campus.grouping.members import members_as_seen_by
from campus.grouping.models import Criterion, Evaluation
from campus.grouping.space_forms import JudgementForm, OpenEvaluationForm, SpaceForm
from campus.people.models import Person
from campus.teams.models import Membership, Team

VIEW, WORK = "grouping.view_space", "grouping.work_in_space"
View = Callable[..., HttpResponseBase]


def space_page(permission: str = VIEW) -> Callable[[View], View]:
    """Hand the view its team, for those who have the right there; for the others there is none (404)."""

    def decorate(view: View) -> View:
        @member_page
        @wraps(view)
        def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **kwargs: Any) -> HttpResponseBase:
            team = get_object_or_404(Team.objects.select_related("cohort"), cohort=cohort, pk=pk)
            if not request.user.has_perm(permission, team):
                raise Http404
            return view(request, team=team, **kwargs)

        return guarded

    return decorate


def context_of(request: MemberRequest, team: Team, **more: Any) -> dict[str, Any]:
    """What every page of the space needs."""
    may_work = request.user.has_perm(WORK, team)
    sees_evaluation = may_work or request.user.has_perm("grouping.see_evaluation", team)
    return {
        "cohort": team.cohort,
        "team": team,
        "may_work": may_work,
        "has_evaluation": sees_evaluation and Evaluation.objects.filter(team=team).exists(),
        **more,
    }


def membership_of(person: Person, team: Team) -> Enrolment | None:
    """The person's enrolment in the team, while she is a member."""
    rows = Membership.objects.current().filter(team=team, enrolment__person=person)
    found = rows.select_related("enrolment__person", "enrolment__cohort").first()
    return found.enrolment if found else None


@require_http_methods(["GET", "HEAD", "POST"])
@space_page()
def space(request: MemberRequest, *, team: Team) -> HttpResponse:
    """The page itself; members change when and where the team meets."""
    found = space_of(team)
    form = SpaceForm(request.POST or None, instance=found)
    if request.method == "POST":
        if not request.user.has_perm(WORK, team):
            raise Http404
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("grouping:space", team.cohort.slug, team.pk)
    context = context_of(
        request,
        team,
        space=found,
        form=form,
        common=[] if found.slot_name else common_slots(team),
        members=members_as_seen_by(request.user, team),
        milestones=milestones_of(team).filter(done_at=None)[:3],
    )
    return render(request, "grouping/space.html", context, status=422 if form.errors else 200)


@require_safe
@space_page()
def contribution(request: MemberRequest, *, team: Team) -> HttpResponse:
    """Who did what: facts with links, of one member by ``person``."""
    wanted = request.GET.get("person", "")
    person = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else None
    context = context_of(
        request,
        team,
        labels=[source.label for source in contributing.SOURCES],
        lines=contributing.lines_of(team),
        facts=contributing.latest_facts(
            team, reads_talk=request.user.has_perm("teams.view_team", team), enrolment=person
        ),
        person=person,
    )
    return render(request, "grouping/contribution.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page()
def evaluation(request: MemberRequest, *, team: Team) -> HttpResponse:
    """Members answer and see the summary about themselves; mentors and organisers see the answers."""
    found = get_object_or_404(Evaluation.objects.select_related("team__cohort"), team=team)
    own = membership_of(request.user, team)
    sees_all = request.user.has_perm("grouping.see_evaluation", team)
    if own is None and not sees_all:
        raise Http404
    form = _judgement_form(request, found, own) if own else None
    if request.method == "POST" and own is None:
        raise Http404
    if form and own and request.method == "POST" and form.is_valid() and _judged(request, found, own, form):
        return redirect("grouping:evaluation", team.cohort.slug, team.pk)
    context = context_of(
        request,
        team,
        evaluation=found,
        form=form,
        is_over=evaluating.is_over(found),
        has_answered=bool(own) and found.judgements.filter(by=own).exists(),
        summary=evaluating.summary_for(found, own) if own else [],
        criteria=[criterion.label for criterion in Criterion],
        # A mentor or organiser who is a member too sees what a member sees.
        answers=evaluating.answers_of(found) if sees_all and own is None else [],
        sees_all=sees_all and own is None,
    )
    return render(request, "grouping/evaluation.html", context, status=422 if form and form.errors else 200)


def _judgement_form(request: MemberRequest, evaluation: Evaluation, own: Enrolment) -> JudgementForm | None:
    if evaluation.is_closed:
        return None
    rows = evaluation.judgements.filter(by=own).values_list("about", "criterion", "level")
    others = Enrolment.objects.filter(pk__in=evaluating.others_of(evaluation, own)).select_related("person")
    given = {(about, criterion): level for about, criterion, level in rows}
    data = request.POST if request.method == "POST" else None
    return JudgementForm(data, others=others.order_by("person__name", "pk"), given=given)


def _judged(request: MemberRequest, evaluation: Evaluation, own: Enrolment, form: JudgementForm) -> bool:
    try:
        evaluating.judge(evaluation=evaluation, by=own, levels=form.levels)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    messages.success(request, _("Thank you. You can change your answers until the evaluation closes."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("grouping.form")
def open_evaluations(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Open the evaluation in all project teams that have none yet."""
    form = OpenEvaluationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = evaluating.open_evaluations(cohort=cohort, closes_at=form.cleaned_data["closes_at"], actor=request.user)
        text = ngettext(
            "The evaluation is open in %(count)s team.", "The evaluation is open in %(count)s teams.", count
        )
        messages.success(request, text % {"count": count})
        return redirect("grouping:open_evaluations", cohort.slug)
    opened = Evaluation.objects.filter(team__cohort=cohort).count()
    context = {"cohort": cohort, "form": form, "opened": opened}
    return render(request, "grouping/open_evaluations.html", context, status=422 if form.errors else 200)
