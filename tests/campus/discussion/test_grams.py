"""Folding, bigrams and the places of a term in what was written."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campus.discussion.search.grams import fold, lexemes_of, places_of, terms_of, tsquery_of

TEXTS = st.text(alphabet="需要予測データがカﾞｶ゛ﾊﾟＡaß㌔ 　\n'\\:&|!*()", max_size=30)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＷＡＰＥ　と\n\n MAE", "wape と mae"),
        ("ﾃﾞｰﾀ", "データ"),
        ("５６日", "56日"),
        ("  ", ""),
    ],
)
def test_width_case_and_space_make_no_difference(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_lexemes_are_pairs_and_the_last_character() -> None:
    assert lexemes_of("需要予測") == sorted(["需要", "要予", "予測", "測"])
    assert lexemes_of("あ") == ["あ"]
    assert lexemes_of("") == []


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("需要　予測", ["需要", "予測"]),
        ('"order up to" 在庫', ["order up to", "在庫"]),
        ("“order up to”", ["order up to"]),
        ('"never closed', ["never closed"]),
        ("欠品 欠品", ["欠品"]),
        (' "" ', []),
        (" ".join("abcdefghijk"), list("abcdefgh")),
    ],
)
def test_terms_are_parted_by_spaces_or_quoted(typed: str, terms: list[str]) -> None:
    assert terms_of(typed) == terms


def test_a_query_asks_for_pairs_and_of_a_single_character_for_what_begins_with_it() -> None:
    assert tsquery_of(["需要", "店"]) == "'需要' & '店':*"
    assert tsquery_of(["it's"]) == "'it' & 't''' & '''s'"


def test_a_long_term_is_looked_up_by_some_of_its_pairs() -> None:
    assert tsquery_of(["".join(map(chr, range(0x4E00, 0x4E64)))]).count("&") < 12


def test_a_match_is_shown_in_what_was_written() -> None:
    written = "前日のﾃﾞｰﾀと ＷＡＰＥ"
    (place,) = places_of("データ", written)
    assert written[slice(*place)] == "ﾃﾞｰﾀ"
    (place,) = places_of("wape", written)
    assert written[slice(*place)] == "ＷＡＰＥ"
    assert [written[slice(*one)] for one in places_of("と w", written)] == ["と Ｗ"]


@settings(suppress_health_check=[HealthCheck.too_slow])  # The machine may be busy.
@given(TEXTS, st.integers(0, 30), st.integers(1, 30))
def test_every_substring_of_a_folded_text_is_found_in_it(written: str, start: int, length: int) -> None:
    folded = fold(written)
    term = fold(folded[start : start + length])
    if not term:
        return
    pairs = {term[at : at + 2] for at in range(len(term) - 1)}
    assert pairs <= set(lexemes_of(folded))
    assert len(term) > 1 or any(lexeme.startswith(term) for lexeme in lexemes_of(folded))
    assert all(term in fold(written[slice(*place)]) for place in places_of(term, written))
    assert places_of(term, written)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_folding_again_changes_nothing(written: str) -> None:
    assert fold(fold(written)) == fold(written)
