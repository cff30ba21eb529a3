"""The holder's own pages: all badges, and one to share, take along, or print."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campus import live
from campus.badges import actions
from campus.badges.certificate import LANGUAGES, certificate_of
from campus.badges.forms import ShareForm
from campus.badges.keys import issuer_of_site
from campus.badges.learner_record import in_record, record_token, signed_record
from campus.badges.models import Award, Issuer
from campus.badges.pages.public import JSON_LD, limited
from campus.badges.skills.growth import skills_of
from campus.people.models import Person
from campus.ui.pagination import page_of

LINKEDIN = "https://www.linkedin.com/profile/add"


def _own(request: HttpRequest, uid: Any) -> Award:
    """One of the reader's own badges; to everybody else there is none (404)."""
    award = get_object_or_404(Award.objects.issued().with_badge(), uid=uid)
    if not request.user.has_perm("badges.hold", award):
        raise Http404
    return award


@require_safe
@login_required
@never_cache
def wallet(request: HttpRequest) -> HttpResponse:
    """All badges of the reader, the latest first."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    seq = live.last_seq(f"person:{person.pk}")
    mine = Award.objects.filter(person=person).issued().with_badge().order_by("-issued_at", "-pk")
    template = "badges/parts/wallet.html" if request.headers.get("HX-Request") else "badges/wallet.html"
    context = {"page": page_of(request, mine, per_page=24), "recorded": in_record(person).count(), "live_seq": seq}
    return render(request, template, context)


@require_safe
@login_required
@limited
@never_cache
def record(request: HttpRequest) -> HttpResponse:
    """All badges in force in one signed file."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    signed = signed_record(person, at=timezone.now())
    if signed is None:
        raise Http404
    answer = JsonResponse(signed, content_type=JSON_LD, json_dumps_params={"ensure_ascii": False})
    return _kept_as("learner-record.json", answer)


@require_safe
@login_required
@limited
@never_cache
def record_jwt(request: HttpRequest) -> HttpResponse:
    """The same as a signed token."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    token = record_token(person, at=timezone.now())
    if token is None:
        raise Http404
    return _kept_as("learner-record.jwt", HttpResponse(token, content_type="text/plain"))


def _kept_as(name: str, answer: HttpResponse) -> HttpResponse:
    """The answer as a file of that name, not as a page."""
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@login_required
@never_cache
def one(request: HttpRequest, uid: Any) -> HttpResponse:
    return _show(request, _own(request, uid), None)


def _show(request: HttpRequest, award: Award, form: ShareForm | None) -> HttpResponse:
    context = {
        "award": award,
        "form": form or ShareForm(instance=award),
        "link": request.build_absolute_uri(award.path),
        "linkedin": linkedin_of(award, issuer_of_site()),
        "languages": LANGUAGES,
    }
    return render(request, "badges/own.html", context, status=422 if form else 200)


def linkedin_of(award: Award, issuer: Issuer) -> str:
    """The address at which LinkedIn offers to add the badge to one's profile."""
    issued = award.issued_at
    query = {
        "startTask": "CERTIFICATION_NAME",
        "name": award.version.name,
        "organizationName": issuer.name,
        "issueYear": issued.year if issued else "",
        "issueMonth": issued.month if issued else "",
        "certUrl": f"{issuer.base_url}{award.path}",
        "certId": str(award.uid),
    }
    if award.expires_at:
        query |= {"expirationYear": award.expires_at.year, "expirationMonth": award.expires_at.month}
    return f"{LINKEDIN}?{urlencode(query)}"


@require_POST
@login_required
def share(request: HttpRequest, uid: Any) -> HttpResponse:
    """Say who sees it, and what stands beside it."""
    award = _own(request, uid)
    form = ShareForm(request.POST, instance=award)
    if not form.is_valid():
        return _show(request, award, form)
    actions.share(award, is_public=form.cleaned_data["is_public"], evidence=form.cleaned_data["evidence"])
    messages.success(request, _("Saved."))
    return redirect("badges:own", award.uid)


@require_safe
@login_required
@never_cache
def certificate(request: HttpRequest, uid: Any, language: str) -> HttpResponse:
    """The certificate to print."""
    award = _own(request, uid)
    if language not in LANGUAGES or not award.is_in_force:
        raise Http404
    answer = HttpResponse(certificate_of(award, language=language), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificate-{award.uid}-{language}.pdf"'
    return answer


@require_safe
@login_required
@never_cache
def skills(request: HttpRequest) -> HttpResponse:
    """The skills that the reader's badges show, as a chart for each framework and as tables with the badges."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    return render(request, "badges/skills.html", {"pictures": skills_of(person)})


@require_safe
@login_required
@never_cache
def skill_figures(request: HttpRequest) -> JsonResponse:
    """Figures of one framework's chart."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    wanted = request.GET.get("framework", "")
    found = next((one for one in skills_of(person) if one.framework.key == wanted), None)
    if found is None:
        raise Http404
    return JsonResponse(found.figures())
