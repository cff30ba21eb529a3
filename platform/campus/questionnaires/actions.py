"""Answering a form: start, save as typed, add files, submit. What changes the form itself is in ``building.py``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campus.people.models import Person
from campus.questionnaires.answer_form import AnswerForm, Typed
from campus.questionnaires.kinds.attachment import check_file
from campus.questionnaires.models import (
    ANONYMOUS_GROUP,
    AnswerFile,
    AnswerSet,
    Question,
    Questionnaire,
    Response,
    Version,
)
from campus.questionnaires.refusals import ChangedElsewhere, FileRefused, Final, Incomplete, NotOpen, TooLong
from campus.ui import files

FOLDER = "questionnaires"
# Room for everything a long form can hold; beyond it somebody is storing something else.
DRAFT_AT_MOST = 400_000
FILES_AT_MOST = 30


@transaction.atomic
def start(*, questionnaire: Questionnaire, person: Person) -> Response:
    """The person's response, made where there is none yet; raises NotOpen.

    What isn't submitted yet goes over to the version in force; what was typed is kept.
    """
    version = _version_in_force(questionnaire)
    response, _is_new = Response.objects.get_or_create(
        questionnaire=questionnaire, person=person, defaults={"version": version}
    )
    if not response.is_submitted and response.version_id != version.pk:
        response.version = version
        response.save(update_fields=["version"])
    return response


def _version_in_force(questionnaire: Questionnaire) -> Version:
    version = questionnaire.published
    if version is None or not questionnaire.is_open:
        raise NotOpen
    return version


@dataclass(frozen=True)
class OpenPage:
    """The open page that sends answers: its own key, and the stamp of what was saved when it last heard of it.

    A page may always go on with what it saved itself: on leaving, a browser sends once more before it has heard.
    """

    key: str
    seen: str

    def knows(self, response: Response) -> bool:
        return not response.draft or self.seen == response.stamp or self.key == response.saved_by_page


@transaction.atomic
def answer(*, response: Response, typed: Typed, page: OpenPage | None = None) -> Response:
    """Save what was typed, right or wrong; raises NotOpen, Final, TooLong or ChangedElsewhere.

    Without ``page`` what was saved before is overwritten unseen.
    """
    response = _locked(response)
    kept = {name: list(values) for name, values in typed.items()}
    if kept == response.draft:
        return response
    if len(json.dumps(kept, ensure_ascii=False)) > DRAFT_AT_MOST:
        raise TooLong
    if page and not page.knows(response):
        raise ChangedElsewhere(response.stamp)
    response.draft, response.saved_at = kept, timezone.now()
    response.saved_by_page = page.key if page else ""
    response.save(update_fields=["draft", "saved_at", "saved_by_page"])
    return response


def add_file(*, response: Response, question: Question, name: str, data: bytes) -> AnswerFile:
    """Keep a file of the person's for a question, in place of an earlier one; raises FileRefused or as ``answer``."""
    check_file(question, name=name, data=data)
    try:
        stored = files.store(data, folder=FOLDER)  # before the transaction that names it
    except files.DiskFull as error:
        raise FileRefused(
            _("The file could not be stored because the disk is full. Please try again later.")
        ) from error
    with transaction.atomic():
        response = _locked(response)
        if response.files.count() >= FILES_AT_MOST:
            raise FileRefused(_("You have added too many files to this form. Please ask the organiser."))
        file = response.files.create(question_key=question.key, name=name[-200:], size=len(data), file=stored)
        _type_in(response, question, str(file.pk))
    return file


@transaction.atomic
def remove_file(*, response: Response, question: Question) -> None:
    """Take the question's file away again; what was submitted keeps its file."""
    _type_in(_locked(response), question, "")


def _type_in(response: Response, question: Question, value: str) -> None:
    response.draft = {**response.draft, question.key: [value]}
    response.saved_at = timezone.now()
    response.save(update_fields=["draft", "saved_at"])


def _locked(response: Response) -> Response:
    """The response as it is now, nobody else writing to it, where it may still be changed."""
    found = Response.objects.select_for_update(of=("self",)).select_related("questionnaire__cohort", "version")
    response = found.get(pk=response.pk)
    if not response.questionnaire.is_open:
        raise NotOpen
    if response.is_submitted and not response.questionnaire.is_changeable:
        raise Final
    return response


@transaction.atomic
def submit(*, response: Response) -> AnswerSet:
    """Check what was typed and record it as the person's answers; earlier ones stay as history.

    Raises Incomplete with the form and its errors, NotOpen or Final.
    """
    response = _locked(response)
    form = checked_form(response)
    if not form.is_valid():
        raise Incomplete(form)
    now = timezone.now()
    anonymous = response.questionnaire.is_anonymous
    response.answer_sets.filter(is_current=True).update(is_current=False)
    answers = AnswerSet.objects.create(
        version=response.version,
        response=None if anonymous else response,
        submitted_at=None if anonymous else now,
        answers=form.answers,
        score=form.score if response.version.full_score else None,
        is_held_back=anonymous,
    )
    if anonymous:
        response.draft = {}
        _show_full_groups(response.questionnaire)
    response.submitted_at = response.submitted_at or now
    response.saved_at = response.last_submitted_at = now
    response.save(update_fields=["draft", "submitted_at", "saved_at", "last_submitted_at"])
    return answers


def _show_full_groups(questionnaire: Questionnaire) -> None:
    """Let the answers held back be seen as soon as they are five: one alone would be told from the others."""
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    waiting = AnswerSet.objects.filter(version__questionnaire=questionnaire, is_held_back=True)
    if waiting.count() >= ANONYMOUS_GROUP:
        waiting.update(is_held_back=False)


def checked_form(response: Response) -> AnswerForm:
    """The draft as a form that says what is wrong with it."""
    return AnswerForm(response.version, typed=response.draft, files=files_of(response), checks=True)


def files_of(response: Response) -> Mapping[str, AnswerFile]:
    """The person's files by id."""
    return {str(file.pk): file for file in response.files.all()}
