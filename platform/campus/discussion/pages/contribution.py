"""What one has given to others in the discussion: in a cohort, and over all of them in the profile."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.discussion.contributions import by_skill, cohorts_helped, contributions_of, helpful_posts
from campus.discussion.places import readable_places
from campus.discussion.queries import WHOLE_THREAD
from campus.people.models import Person
from campus.ui.pagination import page_of

POSTS_ON_PAGE = 20
COHORTS_ON_PAGE = 5


@require_GET
@member_page
def contribution(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Figures by step, and the posts themselves, as far as the person may still read there."""
    posts = helpful_posts(cohort).filter(author=request.user, thread__place__in=readable_places(request.user))
    whole = [f"thread__{row}" for row in WHOLE_THREAD]
    page = page_of(request, posts.select_related(*whole).order_by("-pk"), per_page=POSTS_ON_PAGE)
    contributions = contributions_of(request.user, cohort)
    context = {"cohort": cohort, "page": page, "contributions": contributions, "skills": by_skill(contributions)}
    return render(request, "discussion/contribution.html", context)


@require_GET
@login_required
def contributions(request: HttpRequest) -> HttpResponse:
    """The same figures of all one's cohorts, beside the profile."""
    person = request.user
    assert isinstance(person, Person)  # noqa: S101 - login_required has seen to it
    page = page_of(request, cohorts_helped(person), per_page=COHORTS_ON_PAGE)
    given = [(cohort, contributions_of(person, cohort)) for cohort in page]
    found = [(cohort, by_step, by_skill(by_step)) for cohort, by_step in given]
    return render(request, "discussion/contributions.html", {"page": page, "found": found})
