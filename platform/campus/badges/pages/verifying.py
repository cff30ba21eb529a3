"""The page on which anybody checks a badge: by link, file or pasted text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campus.badges.forms import VerifyForm
from campus.badges.verification import NotOurs, Verdict, check_data, check_link
from campus.ui.limits import Limit

# For each address, for who is signed in: for each person. A check costs as much as several pages.
MOST = "30/m"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing is kept of what is checked, and nothing is fetched from elsewhere."""
    if request.method != "POST":
        return _show(request, VerifyForm())
    form = VerifyForm(request.POST, request.FILES)
    limit = Limit("verify", MOST)
    if not limit.allow_request(request):
        return _ask_to_wait(request, form, limit.seconds_to_wait())
    verdict: Verdict | None = None
    if form.is_valid():
        try:
            verdict = _check(form)
        except NotOurs as problem:
            form.add_error(None, str(problem))
    return _show(request, form, verdict, status=422 if form.errors else 200)


def _show(request: HttpRequest, form: VerifyForm, verdict: Verdict | None = None, *, status: int = 200) -> HttpResponse:
    return render(request, "badges/verify.html", {"form": form, "verdict": verdict}, status=status)


def _ask_to_wait(request: HttpRequest, form: VerifyForm, seconds: int) -> HttpResponse:
    """What was typed stays in the form."""
    words = ngettext(
        "Many badges were checked from your network just now. Please send it again in %(seconds)s second.",
        "Many badges were checked from your network just now. Please send it again in %(seconds)s seconds.",
        seconds,
    )
    form.add_error(None, words % {"seconds": seconds})
    answer = _show(request, form, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _check(form: VerifyForm) -> Verdict:
    sent = form.cleaned_data
    if sent["file"]:
        return check_data(sent["file"].read(), email=sent["email"])
    if sent["text"]:
        return check_data(sent["text"].strip().encode(), email=sent["email"])
    return check_link(sent["link"].strip(), email=sent["email"])
