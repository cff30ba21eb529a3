"""A form as its respondent sees it: one object for a view to show, to send a request to, and to include in a page.

    sheet = Sheet(questionnaire, request.user)
    if request.method == "POST" and sheet.receive(request) == Outcome.SUBMITTED:
        return redirect(…)
    return render(request, "…", {"sheet": sheet}, status=sheet.status)

with ``{% include "questionnaires/parts/sheet.html" %}`` in the template, and in its head
``{% include "questionnaires/parts/head.html" %}``.
"""

import secrets
from enum import Enum
from functools import cached_property

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from campus.people.models import Person
from campus.questionnaires import actions, refusals
from campus.questionnaires.answer_form import AnswerForm, typed_of
from campus.questionnaires.kinds import kind_of
from campus.questionnaires.models import AnswerSet, Question, QuestionKind, Questionnaire, Response, Version
from campus.questionnaires.queries import response_of
from campus.ui.exports import Cell

SEEN, PAGE, INSTEAD = "_seen", "_page", "_instead"
PAGE_KEY_LENGTH = 32


class Outcome(Enum):
    """What became of a request."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    REFUSED = "refused"


class Sheet:
    """The form, the person's answers so far, and what was wrong with the last request."""

    status = 200
    is_preview = False
    submit_label: str | Promise = pgettext_lazy("form", "Submit")

    def __init__(self, questionnaire: Questionnaire, person: Person) -> None:
        self.questionnaire = questionnaire
        self.person = person
        self.response = response_of(person, questionnaire)
        self.page_key = secrets.token_hex(PAGE_KEY_LENGTH // 2)
        self.seen = self.response.stamp if self.response else ""
        self.refusal: refusals.Refused | None = None
        self.outcome: Outcome | None = None
        self._file_errors: dict[str, str] = {}
        self._checked: AnswerForm | None = None

    @cached_property
    def version(self) -> Version:
        """The version that is answered: of what was submitted its own, else the one in force."""
        if self.response and self.response.is_submitted:
            return self.response.version
        version = self.questionnaire.published
        if version is None:
            raise refusals.NotOpen
        return version

    @cached_property
    def form(self) -> AnswerForm:
        """The questions with what was typed, and its errors after a refused submission."""
        form = self._checked or self._unchecked()
        form.file_errors = self._file_errors
        return form

    def _unchecked(self) -> AnswerForm:
        typed = self.response.draft if self.response else {}
        files = actions.files_of(self.response) if self.response else {}
        return AnswerForm(self.version, typed=typed, files=files, checks=False)

    @property
    def takes_answers(self) -> bool:
        """Whether the person can type now."""
        is_final = self.is_submitted and not self.questionnaire.is_changeable
        return self.questionnaire.is_open and not is_final

    @property
    def given(self) -> list[tuple[Question, Cell]]:
        """The answers in force as texts, for a page on which nothing can be typed any more."""
        answers = self.in_force.answers if self.in_force else {}
        questions = self.version.all_questions
        return [(one, kind_of(one).text(one, answers[one.key])) for one in questions if one.key in answers]

    @property
    def is_submitted(self) -> bool:
        return self.response is not None and self.response.is_submitted

    @cached_property
    def in_force(self) -> AnswerSet | None:
        """The answers that were submitted last; none of an anonymous form."""
        if self.response is None:
            return None
        return self.response.answer_sets.filter(is_current=True).select_related("version").first()

    def receive(self, request: HttpRequest) -> Outcome:
        """Save what was sent, and submit it where the button says so; nothing typed is lost whatever comes out."""
        self.outcome = self._received(request)
        self.status = 422 if self.outcome is Outcome.REFUSED else 200
        return self.outcome

    def _received(self, request: HttpRequest) -> Outcome:
        try:
            self.save(request)
            self._save_files(request)
            if self._file_errors:
                return Outcome.REFUSED
            if request.POST.get("do") != "submit":
                return Outcome.SAVED
            actions.submit(response=self._known_response)
        except refusals.Incomplete as error:
            self._checked = error.form
            return Outcome.REFUSED
        except refusals.ChangedElsewhere as error:
            self.refusal = error
            self._show_what_was_sent(request)
            return Outcome.REFUSED
        except refusals.Refused as error:
            self.refusal = error
            return Outcome.REFUSED
        self._read_again()
        return Outcome.SUBMITTED

    def save(self, request: HttpRequest) -> None:
        """Save what was typed; raises Refused."""
        response = actions.start(questionnaire=self.questionnaire, person=self.person)
        page = self._open_page(request)
        actions.answer(response=response, typed=typed_of(self.version, request.POST), page=page)
        self._read_again()

    def _open_page(self, request: HttpRequest) -> actions.OpenPage | None:
        """The page that sent the request; it stays the same one, whatever is drawn in it."""
        sent = request.POST
        if PAGE not in sent:
            return None
        self.page_key, self.seen = sent[PAGE][:PAGE_KEY_LENGTH], sent.get(SEEN, "")
        return actions.OpenPage(self.page_key, sent.get(INSTEAD) or self.seen)

    def _show_what_was_sent(self, request: HttpRequest) -> None:
        """Leave in the page what was typed there, not what was saved elsewhere."""
        files = actions.files_of(self.response) if self.response else {}
        self._checked = AnswerForm(self.version, typed=typed_of(self.version, request.POST), files=files, checks=False)

    def _save_files(self, request: HttpRequest) -> None:
        for question in self.version.all_questions:
            if question.kind == QuestionKind.FILE:
                self._receive_file(request, self._known_response, question)
        self._read_again()

    def receive_file(self, request: HttpRequest, question: Question) -> None:
        """Add or remove the file of one question and leave the rest as it is; raises Refused."""
        response = actions.start(questionnaire=self.questionnaire, person=self.person)
        page = self._open_page(request)
        is_behind = page is not None and not page.knows(response)
        self._receive_file(request, response, question)
        self._read_again()
        if page and is_behind:  # The file is kept, but of the rest this page still knows nothing.
            self.seen = page.seen

    def _receive_file(self, request: HttpRequest, response: Response, question: Question) -> None:
        upload = request.FILES.get(f"{question.key}-upload")
        if upload is not None:
            try:
                actions.add_file(response=response, question=question, name=upload.name or "", data=upload.read())
            except refusals.FileRefused as error:
                self._file_errors[question.key] = str(error)
        elif request.POST.get(f"{question.key}-remove"):
            actions.remove_file(response=response, question=question)

    @property
    def _known_response(self) -> Response:
        if self.response is None:
            raise refusals.NotOpen
        return self.response

    def _read_again(self) -> None:
        self.response = response_of(self.person, self.questionnaire)
        self.seen = self.response.stamp if self.response else ""
        self.__dict__.pop("form", None)
        self.__dict__.pop("in_force", None)


class Preview(Sheet):
    """A version as its respondents will see it; nothing is kept."""

    is_preview = True
    takes_answers = True
    is_submitted = False

    def __init__(self, version: Version) -> None:
        self.questionnaire = version.questionnaire
        self.version = version
        self.response = self.refusal = self.outcome = None
        self.form = AnswerForm(version, typed={}, files={}, checks=False)
