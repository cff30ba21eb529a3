"""Making a form: from a blueprint, by changing the draft, by publishing it; all of it leaves a trace in the audit log.

Answering is in ``actions.py``.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.questionnaires.blueprints import blueprint, write_version
from campus.questionnaires.models import Question, QuestionKind, Questionnaire, Section, Version, new_key
from campus.questionnaires.refusals import NotPublishable, Refused


def _record(action: str, questionnaire: Questionnaire, actor: Person | None, **details: Any) -> None:
    record_audit(
        action=action,
        subject=f"questionnaire:{questionnaire.pk}",
        actor=actor,
        cohort=questionnaire.cohort,
        **details,
    )


@transaction.atomic
def create_questionnaire(*, cohort: Cohort, blueprint_key: str, actor: Person | None, **fields: Any) -> Questionnaire:
    """Begin a form as a draft from a blueprint; ``fields`` (titles, dates …) take the place of the blueprint's."""
    chosen = blueprint(blueprint_key)
    questionnaire = Questionnaire.objects.create(cohort=cohort, **(chosen.fields() | fields))
    write_version(Version.objects.create(questionnaire=questionnaire, number=1), chosen.content)
    _record("questionnaire.created", questionnaire, actor, blueprint=blueprint_key)
    return questionnaire


@transaction.atomic
def change_questionnaire(*, questionnaire: Questionnaire, actor: Person | None, **fields: Any) -> None:
    """Change titles, dates and rules; raises Refused for rules that people already answered by."""
    rules = ("is_anonymous", "shows_score", "purpose")
    broken = [name for name in rules if name in fields and fields[name] != getattr(questionnaire, name)]
    if broken and questionnaire.responses.exists():
        raise Refused(_("People have begun to answer, so its purpose and the rules for its answers can’t be changed."))
    for name, value in fields.items():
        setattr(questionnaire, name, value)
    questionnaire.save(update_fields=list(fields))
    _record("questionnaire.changed", questionnaire, actor, fields=sorted(fields))


@transaction.atomic
def begin_draft(*, questionnaire: Questionnaire, actor: Person | None) -> Version:
    """The draft of the next version, made as a copy of the published one where there is none yet."""
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    known = questionnaire.versions.filter(published_at=None).first()
    if known:
        return known
    latest = questionnaire.versions.latest("number")
    draft = Version.objects.create(questionnaire=questionnaire, number=latest.number + 1)
    _copy_version(latest, draft)
    _record("questionnaire.draft_begun", questionnaire, actor, number=draft.number)
    return draft


@transaction.atomic
def discard_draft(*, version: Version, actor: Person | None) -> None:
    """Throw away the draft of a form that has a published version."""
    questionnaire = version.questionnaire
    if version.published_at or not questionnaire.versions.exclude(pk=version.pk).exists():
        raise Refused(_("There is no draft to discard."))
    number = version.number
    version.delete()
    _record("questionnaire.draft_discarded", questionnaire, actor, number=number)


def _copy_version(source: Version, target: Version) -> None:
    """Questions keep their keys, so that answers of both versions stand in one column of the results."""
    target.introduction_ja, target.introduction_en = source.introduction_ja, source.introduction_en
    target.passing_mark = source.passing_mark
    target.save()
    for section in source.parts:
        questions = list(section.questions.all())
        section = _duplicate(section, version=target)
        Question.objects.bulk_create(_copied(question, section=section) for question in questions)


def _copied(row: Any, **fields: Any) -> Any:
    """The row as a new one that isn't saved yet."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    copy = type(row)(**values)
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy


def _duplicate(row: Any, **fields: Any) -> Any:
    copy = _copied(row, **fields)
    copy.save()
    return copy


@transaction.atomic
def copy_questionnaire(
    *, questionnaire: Questionnaire, cohort: Cohort, actor: Person | None, **fields: Any
) -> Questionnaire:
    """Begin the same form in another cohort (or again in this one), as a draft without dates and answers."""
    source = questionnaire.draft or questionnaire.published
    dates = {"opens_at": None, "closes_at": None}
    copy: Questionnaire = _copied(questionnaire, cohort=cohort, copied_from=questionnaire, **(dates | fields))
    copy.save()
    if source:
        _copy_version(source, Version.objects.create(questionnaire=copy, number=1))
    _record("questionnaire.copied", copy, actor, source=questionnaire.pk)
    return copy


def copy_in(cohort: Cohort, *, of: Questionnaire, actor: Person | None) -> Questionnaire:
    """The cohort's copy of a form, made where it has none yet: for a step that is copied with its form."""
    return cohort.questionnaires.filter(copied_from=of).first() or copy_questionnaire(
        questionnaire=of, cohort=cohort, actor=actor
    )


@transaction.atomic
def publish(*, questionnaire: Questionnaire, actor: Person | None) -> Version:
    """Make the draft the version that people answer; raises NotPublishable with what is to be mended."""
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    draft = questionnaire.versions.filter(published_at=None).first()
    if draft is None:
        raise NotPublishable([_("There are no changes to publish.")])
    if problems := list(problems_of(draft)):
        raise NotPublishable(problems)
    draft.published_at = timezone.now()
    draft.save(update_fields=["published_at"])
    forget_versions(questionnaire)
    _record("questionnaire.published", questionnaire, actor, number=draft.number)
    return draft


def forget_versions(questionnaire: Questionnaire) -> None:
    """Let the object read its versions anew."""
    questionnaire.__dict__.pop("_known_versions", None)
    questionnaire.__dict__.pop("_prefetched_objects_cache", None)


def problems_of(version: Version) -> Iterable[str]:
    """What keeps a draft from being published."""
    questions = version.all_questions
    if not questions:
        yield _("The form has no questions yet.")
    for question in questions:
        if question.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.MATRIX} and not question.choices:
            yield _("“%(question)s” has no choices yet.") % {"question": question.label}
        if question.kind == QuestionKind.MATRIX and not question.rows:
            yield _("“%(question)s” has no rows yet.") % {"question": question.label}
        if question.points and not question.correct_choices():
            yield _("“%(question)s” has points but no right answer.") % {"question": question.label}
        if question.kind == QuestionKind.FILE and version.questionnaire.is_anonymous:
            yield _("“%(question)s” asks for a file. An anonymous form can’t take files.") % {
                "question": question.label
            }
    yield from _problems_of_conditions(questions)
    if version.passing_mark and version.passing_mark > version.full_score:
        yield _("The passing mark is higher than the points that can be reached.")


def _problems_of_conditions(questions: list[Question]) -> Iterable[str]:
    choices: dict[str, set[str]] = {}
    for question in questions:
        if question.is_conditional:
            known = choices.get(question.shown_when_question, set())
            if not known & set(question.shown_when_choices):
                text = _("“%(question)s” depends on a choice that does not come before it.")
                yield text % {"question": question.label}
        if QuestionKind(question.kind).has_choices:
            choices[question.key] = set(question.choice_labels())


@transaction.atomic
def close(*, questionnaire: Questionnaire, actor: Person | None) -> None:
    """Take no more answers from now on; a later deadline opens the form again."""
    now = timezone.now()
    questionnaire.closes_at = now
    if questionnaire.opens_at and questionnaire.opens_at >= now:
        questionnaire.opens_at = None
    questionnaire.save(update_fields=["opens_at", "closes_at"])
    _record("questionnaire.closed", questionnaire, actor)


@transaction.atomic
def change_version(*, version: Version, actor: Person | None, **fields: Any) -> None:
    """Change the introduction or the passing mark of the draft."""
    _refuse_published(version)
    for name, value in fields.items():
        setattr(version, name, value)
    version.save(update_fields=list(fields))
    _record("questionnaire.draft_changed", version.questionnaire, actor, fields=sorted(fields))


def _refuse_published(version: Version) -> None:
    """Nothing of a published version changes: people have answered it as it is."""
    if Version.objects.select_for_update().get(pk=version.pk).published_at:
        raise Refused(_("This version is published and can’t be changed. Start a draft of the next one."))


@transaction.atomic
def save_section(*, section: Section, actor: Person | None) -> Section:
    """Add a section at the end, or keep a changed one."""
    version = section.version
    _refuse_published(version)
    if section.pk is None:
        section.position = (version.sections.aggregate(last=Max("position"))["last"] or 0) + 1
    section.save()
    _record("questionnaire.section_saved", version.questionnaire, actor, section=section.pk)
    return section


@transaction.atomic
def delete_section(*, section: Section, actor: Person | None) -> None:
    """Delete a section with its questions; the last one stays."""
    version = section.version
    _refuse_published(version)
    if version.sections.count() == 1:
        raise Refused(_("A form needs at least one section."))
    pk = section.pk
    section.delete()
    _record("questionnaire.section_deleted", version.questionnaire, actor, section=pk)


@transaction.atomic
def save_question(*, question: Question, actor: Person | None) -> Question:
    """Add a question at the end of its section, or keep a changed one."""
    section = question.section
    _refuse_published(section.version)
    if question.pk is None:
        question.position = (section.questions.aggregate(last=Max("position"))["last"] or 0) + 1
        question.key = question.key or new_key()
    question.save()
    _record(
        "questionnaire.question_saved", section.version.questionnaire, actor, question=question.key, kind=question.kind
    )
    return question


@transaction.atomic
def delete_question(*, question: Question, actor: Person | None) -> None:
    version = question.section.version
    _refuse_published(version)
    key = question.key
    question.delete()
    _record("questionnaire.question_deleted", version.questionnaire, actor, question=key)


@transaction.atomic
def move_question(*, question: Question, step: int, actor: Person | None) -> None:
    """Move a question up (-1) or down (1); at the end of its section it goes over to the neighbouring one."""
    version = question.section.version
    _refuse_published(version)
    rows = [list(section.questions.all()) for section in version.parts]
    part = next(number for number, row in enumerate(rows) if question in row)
    place = rows[part].index(question)
    moved = rows[part].pop(place)
    if 0 <= place + step <= len(rows[part]):
        rows[part].insert(place + step, moved)
    elif 0 <= part + step < len(rows):
        neighbour = rows[part + step]
        neighbour.insert(0 if step > 0 else len(neighbour), moved)
    else:
        return
    for section, row in zip(version.parts, rows, strict=True):
        for position, one in enumerate(row, start=1):
            Question.objects.filter(pk=one.pk).update(section=section, position=position)
    _record("questionnaire.question_moved", version.questionnaire, actor, question=question.key)


@transaction.atomic
def move_section(*, section: Section, step: int, actor: Person | None) -> None:
    """Move a section up (-1) or down (1)."""
    version = section.version
    _refuse_published(version)
    order = list(version.sections.all())
    place = order.index(section)
    if not 0 <= place + step < len(order):
        return
    order[place], order[place + step] = order[place + step], order[place]
    for position, one in enumerate(order, start=1):
        Section.objects.filter(pk=one.pk).update(position=position)
    _record("questionnaire.section_moved", version.questionnaire, actor, section=section.pk)


def record_download(*, questionnaire: Questionnaire, actor: Person, count: int) -> None:
    """Remember that somebody took all answers home as a file."""
    _record("questionnaire.downloaded", questionnaire, actor, count=count)
