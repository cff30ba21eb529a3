"""What completes a cohort, as a part that a new cohort can take over."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campus.cohorts.copying import Copying, Part, can_copy
from campus.progress.completing import save_rule
from campus.progress.completion import rule_of


def preview_rule(copying: Copying) -> list[str]:
    """One line; none where the rule was never changed, because then the new cohort begins with the same."""
    number = rule_of(copying.source).number
    return [_("Rule %(number)d of the earlier cohort") % {"number": number}] if number else []


def copy_rule(copying: Copying) -> int:
    """Copy the rule that holds; rules name steps by case and key, which are the same in both cohorts."""
    rule = rule_of(copying.source)
    if not rule.number:
        return 0
    save_rule(
        cohort=copying.target,
        demands=rule.demands,
        helpful_posts=rule.helpful_posts,
        reviews_needed=rule.reviews_needed,
        based_on=0,
        actor=copying.actor,
    )
    return 1


can_copy(Part("completion", gettext_lazy("What completes the cohort"), preview_rule, copy_rule, position=30))
