"""The page on which anybody checks a badge: by link, file or pasted text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campus.badges.forms import VerifyForm
from campus.badges.verification import NotOurs, Verdict, check_data, check_link


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing is kept of what is checked, and nothing is fetched from elsewhere."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    verdict: Verdict | None = None
    if form.is_bound and form.is_valid():
        try:
            verdict = _check(form)
        except NotOurs as problem:
            form.add_error(None, str(problem))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "badges/verify.html", {"form": form, "verdict": verdict}, status=status)


def _check(form: VerifyForm) -> Verdict:
    sent = form.cleaned_data
    if sent["file"]:
        return check_data(sent["file"].read())
    if sent["text"]:
        return check_data(sent["text"].strip().encode())
    return check_link(sent["link"].strip())
