"""Kinds of notices: registered once, and each with texts that can be found."""

import pytest
from django.template import engines

from campus.notices import kinds
from campus.notices.kinds import Group, optional_groups, register

REGISTERED = dict(kinds._kinds)  # What the apps registered, before the tests' own kinds take their place.


@pytest.mark.parametrize("kind", REGISTERED.values(), ids=REGISTERED)
def test_each_kind_of_the_site_has_its_texts(kind: kinds.Kind) -> None:
    for part in (".subject.txt", ".txt"):
        assert engines["text"].get_template(kind.template(part))


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="two kinds"):
        register("test.invited", group=Group("other", "Other"))


def test_only_groups_with_something_optional_can_be_switched_off() -> None:
    register("test.always", group=Group("always", "Always"), is_essential=True)
    assert [group.key for group in optional_groups()] == ["party"]
