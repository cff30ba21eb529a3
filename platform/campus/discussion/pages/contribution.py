"""What one has given to others in a cohort's discussion."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.discussion.contributions import by_skill, contributions_of, helpful_posts
from campus.discussion.places import readable_places
from campus.discussion.queries import WHOLE_THREAD
from campus.ui.pagination import page_of

POSTS_ON_PAGE = 20


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
