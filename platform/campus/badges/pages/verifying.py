"""The page on which anybody checks a badge: by link, file or pasted text."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campus.badges.forms import IssuerFilesForm, VerifyForm
from campus.badges.verification import NotOurs, Verdict, check_data, check_link
from campus.ui.limits import Limit

# For each address, for who is signed in: for each person. A check costs as much as several pages.
MOST = "30/m"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing is kept of what is checked, and nothing is fetched from elsewhere."""
    if request.method != "POST":
        return _show(request, Forms(VerifyForm(), IssuerFilesForm()))
    forms = Forms(VerifyForm(request.POST, request.FILES), IssuerFilesForm(request.POST, request.FILES))
    limit = Limit("verify", MOST)
    if not limit.allow_request(request):
        return _ask_to_wait(request, forms, limit.seconds_to_wait())
    verdict: Verdict | None = None
    if forms.badge.is_valid() and forms.issuer.is_valid():
        try:
            verdict = _check(forms)
        except NotOurs as problem:
            forms.badge.add_error(None, str(problem))
    return _show(request, forms, verdict, status=422 if forms.have_errors else 200)


class Forms(NamedTuple):
    """What is to be checked; and the files of its issuer, where that is another site."""

    badge: VerifyForm
    issuer: IssuerFilesForm

    @property
    def have_errors(self) -> bool:
        return bool(self.badge.errors or self.issuer.errors)


def _show(request: HttpRequest, forms: Forms, verdict: Verdict | None = None, *, status: int = 200) -> HttpResponse:
    context = {"form": forms.badge, "issuer_form": forms.issuer, "verdict": verdict}
    return render(request, "badges/verify.html", context, status=status)


def _ask_to_wait(request: HttpRequest, forms: Forms, seconds: int) -> HttpResponse:
    """What was typed stays in the form."""
    words = ngettext(
        "Many badges have just been checked from your network. Please try again in %(seconds)s second.",
        "Many badges have just been checked from your network. Please try again in %(seconds)s seconds.",
        seconds,
    )
    forms.badge.add_error(None, words % {"seconds": seconds})
    answer = _show(request, forms, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _check(forms: Forms) -> Verdict:
    sent = forms.badge.cleaned_data
    if sent["file"] or sent["text"]:
        data = sent["file"].read() if sent["file"] else sent["text"].strip().encode()
        return check_data(data, email=sent["email"], brought=forms.issuer.brought)
    return check_link(sent["link"].strip(), email=sent["email"])
