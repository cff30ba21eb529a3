"""The shared components as templates draw them."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from campus.ui.pagination import page_of
from campus.ui.templatetags import ui
from campus.ui.views import ExampleForm, components


def draw(source, path="/", **context):
    request = RequestFactory().get(path)
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (0, "¥0"), (1234567.4, "¥1,234,567"), (-1234.5, "−¥1,234"), (-0.2, "¥0")],
)
def test_yen_has_thousands_and_a_true_minus(value, shown):
    assert ui.yen(value) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "shown"), [(None, 2, "—"), (0.28714, 4, "0.2871"), (12345, 0, "12,345"), (-1.5, 1, "−1.5")]
)
def test_numbers_have_the_decimals_one_asks_for(value, decimals, shown):
    assert ui.number(value, decimals) == shown


def test_sentences_stand_apart_in_english_only():
    with translation.override("en"):
        assert draw("One.{% gap %}Two.") == "One. Two."
    with translation.override("ja"):
        assert draw("一。{% gap %}二。") == "一。二。"


def test_every_component_escapes_what_it_is_given():
    bad = "<script>alert(1)</script>"
    source = (
        "{% chip bad bad %}{% breadcrumbs bad bad bad %}{% tabs bad bad bad %}{% progress bad 1 2 %}"
        "{% banner bad bad %}{{ bad }}{% endbanner %}{% table bad %}{{ bad }}{% endtable %}"
        "{% empty_state bad %}{{ bad }}{% endempty_state %}{% dialog bad bad %}{{ bad }}{% enddialog %}"
        "{% chart bad bad %}"
    )
    assert "<script>alert" not in draw(source, bad=bad)


def test_a_bad_field_says_so_at_itself_and_in_the_summary():
    form = ExampleForm({"title": "x" * 21, "kind": "a", "track": "1", "agree": "on"})
    with translation.override("en"):
        html = str(form)
    error = "Ensure this value has at most 20 characters (it has 21)."
    assert f'<li><a href="#id_title">題名 / Title: {error}</a></li>' in html
    assert '<ul class="errors" id="id_title_error">' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("error-summary") == 1


def test_a_fresh_form_shows_no_errors_and_marks_what_is_required():
    with translation.override("ja"):
        html = str(ExampleForm())
    assert "error-summary" not in html
    assert html.count("※必須") == 4
    assert "placeholder" not in html


def test_pages_keep_the_rest_of_the_address_and_stay_within_the_list():
    request = RequestFactory().get("/", {"page": "9999", "q": "a&b"})
    page = page_of(request, range(1, 101), per_page=10)
    assert (page.number, list(page)) == (10, list(range(91, 101)))
    html = draw("{% paginate page %}", path="/?q=a%26b&page=10", page=page)
    assert 'href="?q=a%26b&amp;page=9" rel="prev"' in html
    assert 'href="?q=a%26b&amp;page=10" aria-current="page"' in html
    assert 'rel="next"' not in html


@pytest.mark.parametrize("asked", ["", "0", "-1", "x", "1e9"])
def test_a_senseless_page_number_is_some_page(asked):
    assert page_of(RequestFactory().get("/", {"page": asked}), range(100)).number in (1, 2)


def test_a_short_list_has_no_pager():
    page = page_of(RequestFactory().get("/"), range(3))
    assert draw("{% paginate page %}", page=page).strip() == ""


def test_the_tab_of_the_page_is_marked():
    html = draw('{% tabs "Case" "Brief" "/a/" "Data" "/b/?x=1" %}', path="/b/")
    assert '<a href="/b/?x=1" aria-current="page">Data</a>' in html
    assert '<a href="/a/">Brief</a>' in html


def test_no_id_stands_twice_in_a_form_and_each_error_leads_to_its_field():
    html = str(ExampleForm({}))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.django_db
def test_the_living_page_draws_every_part_once_in_development_only(rf, client):
    request = rf.get("/ui/", {"sort": "-score", "name": "受講生", "page": "2"})
    request.user = AnonymousUser()
    html = components(request).content.decode()
    for part in (
        "error-summary",
        'aria-sort="descending"',
        "empty-state",
        "data-says",
        "<dialog",
        "<progress",
        "<campus-chart",
    ):
        assert part in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    assert client.get("/ui/").status_code == 404
