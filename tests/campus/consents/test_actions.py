"""Versions never change, answers are evidence, optional consents come and go with a record."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.consents.actions import (
    agree_again,
    answer_version,
    begin,
    lacks,
    open_draft,
    publish_version,
    replace_items,
    save_draft,
    withdraw,
)
from campus.consents.models import Consent, ConsentAnswer, ConsentItem, ConsentVersion, Kind
from campus.consents.queries import consented_to, has_consented, keys_agreed_to, welcomed
from campus.people.models import Person
from tests.campus.cast import enrol, make_cohort, make_person
from tests.campus.consents.forms import REQUIRED, answered, published

pytestmark = pytest.mark.django_db


def keys_of(version: ConsentVersion) -> list[str]:
    return list(version.items.values_list("key", flat=True))


def item(version: ConsentVersion, kind: str) -> ConsentItem:
    return version.items.get(kind=kind)


class TestWriting:
    def test_the_first_draft_starts_from_the_standard_texts_in_both_languages(
        self, cohort: Cohort, organiser: Person
    ) -> None:
        draft = open_draft(cohort=cohort, actor=organiser)
        assert (draft.number, keys_of(draft)) == (1, [*REQUIRED, Kind.PUBLICATION])
        assert [one.is_required for one in draft.items.all()] == [True, True, True, False]
        assert lacks(draft) == []

    def test_there_is_one_draft_at_a_time(self, cohort: Cohort, organiser: Person) -> None:
        assert open_draft(cohort=cohort, actor=organiser) == open_draft(cohort=cohort, actor=organiser)

    def test_a_new_cohort_starts_from_its_programmes_latest(self, version: ConsentVersion, organiser: Person) -> None:
        draft = open_draft(cohort=version.cohort, actor=organiser)
        save_draft(
            draft=draft, items=[ConsentItem(kind=Kind.OTHER, title_ja="撮影", is_required=True)], actor=organiser
        )
        assert keys_of(open_draft(cohort=make_cohort("next"), actor=organiser)) == keys_of(version)

    def test_an_item_of_no_kind_keeps_its_key_from_version_to_version(self, cohort: Cohort, organiser: Person) -> None:
        draft = open_draft(cohort=cohort, actor=organiser)
        texts = {"title_ja": "撮影", "title_en": "Photos", "text_ja": "本文", "text_en": "Text"}
        replace_items(version=draft, items=[ConsentItem(kind=Kind.OTHER, is_required=True, **texts)])
        first = keys_of(publish_version(draft=draft, actor=organiser))
        assert keys_of(open_draft(cohort=cohort, actor=organiser)) == first

    @pytest.mark.parametrize(
        "gap",
        [{"text_en": ""}, {"title_ja": " "}],
    )
    def test_what_is_not_whole_in_both_languages_is_not_published(
        self, cohort: Cohort, organiser: Person, gap: dict[str, str]
    ) -> None:
        draft = open_draft(cohort=cohort, actor=organiser)
        draft.items.filter(kind=Kind.TERMS).update(**gap)
        with pytest.raises(ValidationError, match="1"):
            publish_version(draft=draft, actor=organiser)
        assert ConsentVersion.objects.published().count() == 0

    def test_a_version_without_anything_required_is_not_published(self, cohort: Cohort, organiser: Person) -> None:
        draft = open_draft(cohort=cohort, actor=organiser)
        draft.items.filter(is_required=True).delete()
        assert len(lacks(draft)) == 1

    def test_publishing_is_recorded_without_texts(self, version: ConsentVersion, organiser: Person) -> None:
        entry = AuditEntry.objects.get(action="consents.published")
        assert (entry.actor, entry.details) == (organiser, {"number": 1, "items": 4})
        assert len(version.digest) == 64


class TestNeverChanged:
    def test_a_published_version_is_not_saved_again(self, version: ConsentVersion, organiser: Person) -> None:
        with pytest.raises(ValidationError):
            save_draft(draft=version, items=[], actor=organiser)
        with pytest.raises(ValidationError):
            publish_version(draft=version, actor=organiser)
        assert len(keys_of(version)) == 4

    def test_not_even_the_database_takes_a_change(self, version: ConsentVersion) -> None:
        changes = [
            lambda: ConsentVersion.objects.update(intro_ja="ほかの文"),
            lambda: ConsentVersion.objects.update(published_at=None),
            lambda: ConsentItem.objects.update(text_ja="ほかの文"),
            lambda: ConsentItem.objects.create(version=version, key="more", title_ja="追加"),
        ]
        for change in changes:
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_who_published_may_leave_the_site(self, version: ConsentVersion) -> None:
        ConsentVersion.objects.update(published_by=None)


class TestAnswering:
    def test_who_was_chosen_begins_by_agreeing(self, chosen: Enrolment, version: ConsentVersion) -> None:
        answered(chosen, version, also=[Kind.PUBLICATION])
        chosen.refresh_from_db()
        assert chosen.state == EnrolmentState.ACTIVE
        assert keys_agreed_to(chosen) == {*REQUIRED, Kind.PUBLICATION}
        assert AuditEntry.objects.filter(action="enrolment.begun", subject=f"enrolment:{chosen.pk}").count() == 1

    @pytest.mark.parametrize("missing", REQUIRED)
    def test_nobody_begins_without_all_that_is_required(
        self, chosen: Enrolment, version: ConsentVersion, missing: str
    ) -> None:
        with pytest.raises(ValidationError):
            answer_version(enrolment=chosen, version=version, agreed=[key for key in REQUIRED if key != missing])
        chosen.refresh_from_db()
        assert (chosen.state, ConsentAnswer.objects.count()) == (EnrolmentState.SELECTED, 0)

    def test_nobody_begins_around_the_form(self, chosen: Enrolment, version: ConsentVersion) -> None:
        with pytest.raises(ValidationError):
            begin(enrolment=chosen)

    def test_without_a_published_version_one_just_begins(self, chosen: Enrolment) -> None:
        begin(enrolment=chosen)
        chosen.refresh_from_db()
        assert chosen.state == EnrolmentState.ACTIVE

    def test_sending_it_twice_is_one_answer(self, chosen: Enrolment, version: ConsentVersion) -> None:
        answered(chosen, version)
        answered(chosen, version, also=[Kind.PUBLICATION])
        assert (ConsentAnswer.objects.count(), keys_agreed_to(chosen)) == (1, set(REQUIRED))

    def test_an_old_version_is_not_answered_any_more(
        self, chosen: Enrolment, version: ConsentVersion, cohort: Cohort, organiser: Person
    ) -> None:
        published(cohort, organiser)
        with pytest.raises(ValidationError, match=r"changed|更新"):
            answered(chosen, version)

    def test_keys_of_another_version_give_no_consent(self, chosen: Enrolment, version: ConsentVersion) -> None:
        answer_version(enrolment=chosen, version=version, agreed=[*REQUIRED, "other-1234", "everything"])
        assert keys_agreed_to(chosen) == set(REQUIRED)

    @pytest.mark.parametrize(
        "state", [s for s in EnrolmentState if s not in {EnrolmentState.SELECTED, EnrolmentState.ACTIVE}]
    )
    def test_only_who_was_chosen_begins(self, chosen: Enrolment, version: ConsentVersion, state: str) -> None:
        Enrolment.objects.filter(pk=chosen.pk).update(state=state)
        with pytest.raises(ValidationError):
            answered(chosen, version)
        chosen.refresh_from_db()
        assert chosen.state == state


class TestTakingBack:
    def test_an_optional_consent_ends_and_begins_with_a_record(
        self, chosen: Enrolment, version: ConsentVersion
    ) -> None:
        answered(chosen, version, also=[Kind.PUBLICATION])
        answer, optional = ConsentAnswer.objects.get(), item(version, Kind.PUBLICATION)
        withdraw(answer=answer, item=optional)
        assert not has_consented(chosen, Kind.PUBLICATION)
        agree_again(answer=answer, item=optional)
        agree_again(answer=answer, item=optional)
        assert has_consented(chosen, Kind.PUBLICATION)
        kept = Consent.objects.filter(item=optional).order_by("given_at")
        assert [one.withdrawn_at is None for one in kept] == [False, True]

    def test_a_required_consent_is_not_taken_back_alone(self, chosen: Enrolment, version: ConsentVersion) -> None:
        answered(chosen, version)
        with pytest.raises(ValidationError):
            withdraw(answer=ConsentAnswer.objects.get(), item=item(version, Kind.TERMS))
        assert has_consented(chosen, Kind.TERMS)


class TestWhoIsAsked:
    def test_a_new_version_asks_again_and_the_earlier_answer_counts_until_then(
        self, enrolment: Enrolment, version: ConsentVersion, cohort: Cohort, organiser: Person
    ) -> None:
        answered(enrolment, version, also=[Kind.PUBLICATION])
        assert welcomed(enrolment.person, cohort) is None
        newer = published(cohort, organiser)
        assert welcomed(enrolment.person, cohort) == enrolment
        assert has_consented(enrolment, Kind.PUBLICATION)
        answered(enrolment, newer)
        assert welcomed(enrolment.person, cohort) is None
        assert not has_consented(enrolment, Kind.PUBLICATION)

    def test_only_consents_of_the_kind_and_in_force_are_found(
        self, enrolment: Enrolment, mate_enrolment: Enrolment, version: ConsentVersion
    ) -> None:
        answered(enrolment, version, also=[Kind.PUBLICATION])
        answered(mate_enrolment, version)
        everybody = Enrolment.objects.all()
        assert set(consented_to(everybody, Kind.FOLLOW_UP)) == {enrolment, mate_enrolment}
        assert set(consented_to(everybody, Kind.PUBLICATION)) == {enrolment}

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.LEARNER])
    def test_other_roles_are_asked_for_nothing(self, cohort: Cohort, version: ConsentVersion, role: Role) -> None:
        active, invited = make_person("Active"), make_person("Invited")
        enrol(active, cohort, role)
        enrolment = enrol(invited, cohort, role, state=EnrolmentState.SELECTED)
        assert welcomed(active, cohort) is None
        begin(enrolment=enrolment)
        assert welcomed(invited, cohort) is None

    @pytest.mark.parametrize("state", [EnrolmentState.COMPLETED, EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN])
    def test_who_is_over_or_away_is_asked_for_nothing(
        self, enrolment: Enrolment, version: ConsentVersion, cohort: Cohort, state: str
    ) -> None:
        Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
        assert welcomed(enrolment.person, cohort) is None
