"""What the Hub asks the site, below /internal/notebooks/; guarded by a secret that only the two know."""

import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from campus.notebooks.actions import MayNot, Start, end_notebook, record_visit, start_notebook
from campus.notebooks.delivery import Delivery
from campus.notebooks.groups import grants
from campus.notebooks.names import person_id_of
from campus.notebooks.queries import running_cohorts
from campus.people.models import Person
from campus.problems import ApiProblem, problem_response
from campus.ui.limits import Limit

logger = logging.getLogger(__name__)
View = Callable[[HttpRequest], HttpResponse]


def for_the_hub(view: View) -> View:
    """Let only the Hub in; what goes wrong is answered as a problem document."""

    @never_cache
    @csrf_exempt  # The secret is in a header that no form can send.
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            _check_secret(request)
            return view(request)
        except ApiProblem as problem:
            return problem_response(request, problem)
        except MayNot:
            return problem_response(request, ApiProblem(403, "no_notebook", _("This person isn’t allowed to do that.")))

    return answered


def _check_secret(request: HttpRequest) -> None:
    if settings.ENVIRONMENT.notebooks == "off":
        raise ApiProblem(404, "not_found", _("There is nothing at this address."))
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if hmac.compare_digest(given.encode(), settings.HUB_SERVICE_TOKEN.encode()):
        return
    limit = Limit("hub-wrong-token", "30/m")
    if not limit.allow_request(request):
        detail = _("Too many wrong tokens came from your address.")
        raise ApiProblem(429, "too_many_wrong_tokens", detail, headers={"Retry-After": str(limit.seconds_to_wait())})
    logger.warning("a wrong secret was sent to %s", request.path)
    raise ApiProblem(
        401, "token_invalid", _("This address is only for the Hub."), headers={"WWW-Authenticate": "Bearer"}
    )


def _named(request: HttpRequest, *fields: str) -> list[Person]:
    """The persons whom the request names by their names at the Hub; who doesn't exist may do nothing."""
    try:
        body = json.loads(request.body)
        ids = [person_id_of(body[field]) for field in fields]
    except (ValueError, KeyError, TypeError) as error:
        detail = _("The request must be a JSON object with %(fields)s.") % {"fields": ", ".join(fields)}
        raise ApiProblem(400, "unreadable", detail) from error
    known = Person.objects.in_bulk([pk for pk in ids if pk is not None])
    if any(pk not in known for pk in ids):
        raise MayNot
    return [known[pk] for pk in ids if pk is not None]


@for_the_hub
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Before a server starts: its token, and what is put into it."""
    (person,) = _named(request, "name")
    return JsonResponse(_told(person, start_notebook(person)), json_dumps_params={"ensure_ascii": False})


def _told(person: Person, begun: Start) -> dict[str, Any]:
    first = next((one.first_notebook for one in begun.deliveries if one.first_notebook), None)
    return {
        "token": begun.token,
        "site": settings.SITE_URL,
        "language": person.language,
        "time_zone": person.time_zone,
        "display_name": person.get_full_name(),
        "cases": [_told_case(one) for one in begun.deliveries],
        "start_at": first,
    }


def _told_case(delivery: Delivery) -> dict[str, Any]:
    case = delivery.cohort_case
    return {
        "case": f"{case.cohort.slug}/{case.slug}",
        "folder": delivery.folder,
        "title": {"ja": case.case_version.title_ja, "en": case.case_version.title_en or case.case_version.title_ja},
        "version": case.case_version.version,
        "data": str(delivery.data.resolve()),
        "starters": str(delivery.starters) if delivery.starters else None,
    }


@for_the_hub
@require_POST
def stopped(request: HttpRequest) -> HttpResponse:
    """After a server has stopped."""
    (person,) = _named(request, "name")
    end_notebook(person)
    return HttpResponse(status=204)


@for_the_hub
@require_POST
def visit(request: HttpRequest) -> HttpResponse:
    """Somebody opens another's server."""
    visitor, owner = _named(request, "visitor", "owner")
    if visitor != owner:
        record_visit(visitor=visitor, owner=owner)
    return HttpResponse(status=204)


@for_the_hub
@require_GET
def cohorts(request: HttpRequest) -> HttpResponse:
    """Which groups may open the servers of which."""
    slugs = list(running_cohorts().values_list("slug", flat=True))
    return JsonResponse({"cohorts": slugs, "grants": [asdict(one) for one in grants()]})
