"""Pages let go of what they showed."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from django.template import TemplateDoesNotExist, engines
from django.test import RequestFactory

FACTORY = RequestFactory()


class Rows:
    """Stands for the thousands of objects of a large page."""

    def __str__(self) -> str:
        return "2,000 learners"


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_what_a_page_showed_is_freed_with_it_and_not_by_the_garbage_collector(no_collector: None) -> None:
    rows = Rows()
    gone = weakref.ref(rows)
    page = engines["pages"].from_string("{% with all=rows %}{{ all }}{% endwith %}")
    assert page.render({"rows": rows}, FACTORY.get("/")) == "2,000 learners"
    del rows
    assert gone() is None


def test_a_missing_template_is_named() -> None:
    with pytest.raises(TemplateDoesNotExist, match=r"nowhere\.html"):
        engines["pages"].get_template("nowhere.html")
    page = engines["pages"].from_string("{% include 'nowhere.html' %}")
    with pytest.raises(TemplateDoesNotExist, match=r"nowhere\.html"):
        page.render({}, FACTORY.get("/"))
