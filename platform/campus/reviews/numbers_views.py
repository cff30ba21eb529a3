"""The page on which an organiser changes the numbers of a round: first what that changes for whom, then saving."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.reviews.desk_views import UNPROCESSABLE, round_in
from campus.reviews.forms import NumbersForm
from campus.reviews.lists import changes_listed
from campus.reviews.models import Assignment, ReviewRound
from campus.reviews.numbers import FIELDS, change_numbers, effect_of, numbers_of, version_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("reviews.oversee")
def numbers(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """GET with numbers shows their effect, POST saves them."""
    found = round_in(cohort, pk)
    now = numbers_of(found)
    sent = request.POST if request.method == "POST" else request.GET
    is_tried = any(name in sent for name in FIELDS)
    form = NumbersForm(sent if is_tried else None, initial=now, instance=round_in(cohort, pk))
    based_on = version_of(found)
    if request.method == "POST" and form.is_valid() and _save(request, found, form):
        return redirect("reviews:round", cohort=cohort.slug, pk=found.pk)
    context = {"cohort": cohort, "round": found, "step": found.step, "form": form, "based_on": based_on}
    if is_tried and form.is_valid() and form.cleaned_data != now:
        effect = effect_of(found, form.cleaned_data)
        listing = changes_listed(request, cohort, effect)
        context |= {"effect": effect, "listing": listing, "tried": form.cleaned_data.items()}
        context["reasons"] = [(_WORDS[reason], count) for reason, count in effect.reasons.items()]
        if request.method != "POST" and (file := listing.download()):
            return file
    return render(request, "reviews/desk/numbers.html", context, status=UNPROCESSABLE if form.errors else 200)


_WORDS = dict(Assignment._meta.get_field("end_reason").flatchoices)


def _save(request: MemberRequest, round: ReviewRound, form: NumbersForm) -> bool:
    based_on = request.POST.get("based_on", "")
    try:
        change_numbers(round=round, numbers=form.cleaned_data, based_on=based_on, actor=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return False
    messages.success(request, _("The settings were saved. They take effect within a minute."))
    return True
