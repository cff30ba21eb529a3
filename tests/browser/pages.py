"""Every page of the site, by who reads it; the tests walk through them and the screenshots show them."""

from dataclasses import dataclass

ANONYMOUS = {
    "landing": "/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
    "password-reset-sent": "/accounts/password/reset/done/",
    "verification-sent": "/accounts/confirm-email/",
    "link-expired": "/accounts/confirm-email/none/",
    "verify": "/verify/",
}
OWN = {
    "home": "/",
    "help": "/help/",
    "settings": "/account/",
    "who-sees-what": "/account/who-sees-what/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "consents": "/account/consents/",
    "second-factor": "/accounts/2fa/",
    "tokens": "/account/tokens/",
    "notices": "/notices/",
    "unread": "/unread/",
    "unread-everything": "/unread/?only=all",
    "own-contributions": "/account/contributions/",
    "badges": "/badges/",
    "skills": "/badges/skills/",
    "notices-settings": "/notices/settings/",
    "calendar": "/meetings/calendar/",
    "own-data": "/account/data/",
    "sign-out": "/accounts/logout/",
}


OPERATOR = {
    "operator-status": "/operator/status/",
    "operator-jobs": "/operator/status/jobs/",
    "operator-mails": "/operator/status/mails/",
    "operator-audit": "/operator/audit/",
}


@dataclass(frozen=True)
class Behind:
    """A page with a number in its address: where a link of another page leads to, and from there ``further``."""

    page: str
    link: str
    further: str = ""


@dataclass(frozen=True)
class Place:
    """The graded step of a case in a cohort."""

    cohort: str
    case: str
    step: str

    def _case(self) -> str:
        return f"/cohorts/{self.cohort}/cases/{self.case}/"

    def cohort_pages(self) -> dict[str, str]:
        """Pages that every member of the cohort may open."""
        return {
            "cohort": f"/cohorts/{self.cohort}/",
            "case": self._case(),
            "data": f"{self._case()}data/",
            "step": f"{self._case()}steps/{self.step}/",
            "hand-in": f"{self._case()}{self.step}/submit/",
            "exhibits": f"/cohorts/{self.cohort}/exhibits/",
            "step-of-text": f"{self._case()}steps/problem/",
            "board": f"{self._case()}{self.step}/board/",
            "announcements": f"/cohorts/{self.cohort}/announcements/",
            "meetings": f"/cohorts/{self.cohort}/meetings/",
            "discussion": f"/cohorts/{self.cohort}/discussion/",
            "contribution": f"/cohorts/{self.cohort}/discussion/contribution/",
            "discussion-search": f"/cohorts/{self.cohort}/discussion/search/?q=在庫",
            "discussion-new": f"/cohorts/{self.cohort}/discussion/new/",
            "search": f"/cohorts/{self.cohort}/search/?q=在庫",
        }

    def learner_pages(self) -> dict[str, str]:
        own = {name: f"/cohorts/{self.cohort}/{name}/" for name in ("board-name", "taking-part", "forms", "completion")}
        own |= {
            "hand-in-text": f"{self._case()}steps/problem/hand-in/",
            "reviews": f"{self._case()}peer-review/reviews/",
            "reviews-given": f"{self._case()}peer-review/reviews/given/",
        }
        own["groups"] = f"/cohorts/{self.cohort}/groups/"
        own["consultations"] = f"/cohorts/{self.cohort}/consultations/"
        own["find-group"] = f"/cohorts/{self.cohort}/groups/find/study_group/"
        return self.cohort_pages() | own

    def behind_cohort_pages(self) -> dict[str, Behind]:
        """Of learners."""
        pages = self.cohort_pages()
        return {
            "announcement": Behind(pages["announcements"], "main .card-list a"),
            "meeting": Behind(pages["meetings"], "main .card-list a"),
            "form": Behind(self.learner_pages()["forms"], "main h2 a"),
            "badge-own": Behind(OWN["badges"], ".wallet a"),
            "team": Behind(self.learner_pages()["groups"], "main .card-list h2 a"),
            "consultation-booked": Behind(self.learner_pages()["consultations"], "[aria-labelledby=ahead] a"),
            "consultation-free": Behind(self.learner_pages()["consultations"], "[aria-labelledby=free] a"),
            **{
                f"team-{page}": Behind(self.learner_pages()["groups"], "main .card-list h2 a", f"{page}/")
                for page in ("files", "log", "milestones", "contribution", "evaluation")
            },
        }

    def behind_reviews(self) -> dict[str, Behind]:
        """Of learners who have something to review."""
        page = self.learner_pages()["reviews"]
        return {
            "review": Behind(page, "#reviews-todo h3 a"),
            "review-practice": Behind(page, "#reviews-todo ul a"),
        }

    def mentor_pages(self) -> dict[str, str]:
        """Of mentors; organisers see the first of them too."""
        return {
            "mentors-queue": f"/cohorts/{self.cohort}/desk/mentoring/",
            "phrases": f"/cohorts/{self.cohort}/mentoring/phrases/",
            "consultations-desk": f"/cohorts/{self.cohort}/desk/consultations/",
            "consultations-offer": f"/cohorts/{self.cohort}/desk/consultations/new/",
        }

    def behind_mentor_pages(self) -> dict[str, Behind]:
        """A work as its mentor judges it."""
        pages = self.mentor_pages()
        return {
            "mentor-review": Behind(pages["mentors-queue"], "tbody th a"),
            "consultation-mentor": Behind(pages["consultations-desk"], "tbody th a"),
        }

    def behind_reviews_desk(self) -> dict[str, Behind]:
        """Of organisers, where works are being reviewed."""
        page = self.organiser_pages()["desk-reviews"]
        return {
            "reviewed-work": Behind(page, "tbody th a"),
            "reviews-numbers": Behind(page, "main .spread a[href$='/numbers/']"),
            "reviews-numbers-effect": Behind(
                page,
                "main .spread a[href$='/numbers/']",
                "?reviews_each=4&idle_hours=48&due_hours=96&favours=2",
            ),
            "reviews-rubric": Behind(page, "main .spread a[href$='/rubric/']"),
        }

    def behind_desk_pages(self) -> dict[str, Behind]:
        """Of those who look after learners."""
        pages, row = self.desk_pages(), "tbody th a"
        talk = self.learner_pages()["discussion"]
        return {
            "person": Behind(pages["people"], row),
            "one-learner": Behind(pages["progress"], row),
            "announcement-desk": Behind(pages["announcements-desk"], row),
            "announcement-recipients": Behind(pages["announcements-desk"], "tbody tr:last-child th a", "recipients/"),
            "announcement-audience": Behind(pages["announcements-desk"], row, "audience/"),
            "meeting-desk": Behind(pages["meetings-desk"], row),
            "meeting-participants": Behind(pages["meetings-desk"], "tbody tr:last-child th a", "participants/"),
            "meeting-edit": Behind(pages["meetings-desk"], row, "edit/"),
            **{
                f"thread-{page}": Behind(talk, "main .thread-title a", f"{page}/")
                for page in ("moderate", "split", "merge")
            },
        }

    def behind_own_cases(self) -> dict[str, Behind]:
        """Of organisers who have begun a case of their own."""
        page, row = self.organiser_pages()["own-cases"], "#drafts ~ * tbody th a"
        pages = {
            "draft": "",
            "draft-texts": "texts/",
            "draft-columns": "columns/",
            "draft-preview": "preview/",
            "draft-pack": "pack/",
        }
        return {name: Behind(page, row, further) for name, further in (pages | {"draft-options": "options/"}).items()}

    def behind_organiser_pages(self) -> dict[str, Behind]:
        pages, row = self.organiser_pages(), "tbody th a"
        return {
            "class": Behind(pages["classes"], row),
            "team-desk": Behind(f"/cohorts/{self.cohort}/desk/teams/project/", row),
            "team-place": Behind(f"/cohorts/{self.cohort}/desk/teams/study_group/unplaced/", row),
            "team-draft": Behind(pages["teams-form-project"], row),
            "invitation": Behind(pages["invitations"], row),
            "form-questions": Behind(pages["desk-forms"], row),
            "form-settings": Behind(pages["desk-forms"], row, "settings/"),
            "form-preview": Behind(pages["desk-forms"], row, "preview/"),
            "form-answers": Behind(pages["desk-forms"], row, "results/answers/"),
            "desk-badge": Behind(pages["desk-badges"], row),
            "badge-edit": Behind(pages["desk-badges"], row, "edit/"),
            "badge-preview": Behind(pages["desk-badges"], row, "issue/"),
            "badge-replace": Behind(pages["desk-badges"], row, "replace/"),
        }

    def selection_pages(self) -> dict[str, str]:
        """Of organisers, where there is a call for applications."""
        desk = f"/cohorts/{self.cohort}/desk/"
        return {
            "admission": f"{desk}admission/",
            "applicants": f"{desk}applicants/",
            "waitlist": f"{desk}applicants/waitlist/",
            "results": f"{desk}applicants/announcement/",
        }

    def behind_selection_pages(self) -> dict[str, Behind]:
        return {"applicant": Behind(self.selection_pages()["applicants"], "tbody th a")}

    def applicant_pages(self) -> dict[str, str]:
        """Of everybody while the call is open, signed in or not."""
        return {"apply": f"/apply/{self.cohort}/", "apply-check": f"/apply/{self.cohort}/check/"}

    def choice_of_cases(self) -> str:
        """Of learners of a cohort in which they choose."""
        return f"/cohorts/{self.cohort}/choose-cases/"

    def desk_pages(self) -> dict[str, str]:
        """Pages of those who look after learners."""
        desk = f"/cohorts/{self.cohort}/desk/"
        return {
            "desk": desk,
            "people": f"{desk}people/",
            "extensions": f"{desk}extensions/",
            "follow-up": f"{desk}follow-up/",
            "teams": f"{desk}teams/",
            "unplaced": f"{desk}teams/study_group/unplaced/",
            "small-teams": f"{desk}teams/study_group/small/",
            "deliverables": f"{desk}deliverables/",
            "progress": f"{desk}progress/",
            "funnel": f"{desk}progress/funnel/",
            "completion-desk": f"{desk}completion/",
            "announcements-desk": f"{desk}announcements/",
            "announcement-new": f"{desk}announcements/new/",
            "meetings-desk": f"{desk}meetings/",
            "unanswered": f"{desk}discussion/unanswered/?all=1",
            "flagged-posts": f"{desk}discussion/",
            "meeting-new": f"/cohorts/{self.cohort}/meetings/new/",
        }

    def organiser_pages(self) -> dict[str, str]:
        """Pages of the desk that organisers alone may open."""
        desk = f"/cohorts/{self.cohort}/desk/"
        return {
            "admission": f"{desk}admission/",
            "invitations": f"{desk}invitations/",
            "import": f"{desk}import/",
            "lms": f"{desk}lms/",
            "cohort-settings": f"{desk}settings/",
            "copy": f"{desk}copy/",
            "schedule": f"{desk}schedule/",
            "desk-cases": f"{desk}cases/",
            "own-cases": f"{desk}cases/own/",
            "case-versions": f"{desk}cases/{self.case}/versions/",
            "choice": f"{desk}choice/",
            "classes": f"{desk}classes/",
            "teams-form": f"{desk}teams/study_group/form/",
            "teams-form-project": f"{desk}teams/project/form/",
            "teams-pairs": f"{desk}teams/pairs/",
            "teams-settings": f"{desk}teams/settings/",
            "teams-evaluation": f"{desk}teams/evaluation/",
            "dealing": f"{desk}classes/deal/?way=balanced&keys=industry&anew=on",
            "audit": f"{desk}audit/",
            "status": f"{desk}status/",
            "mails": f"{desk}status/mails/",
            "programmes": "/programmes/",
            "begin-cohort": "/programmes/case-study/new-cohort/",
            "follow-up-rules": f"{desk}follow-up/rules/",
            "completion-rule": f"{desk}completion/rule/",
            "what-if": f"{desk}completion/what-if/?moved=all&days=7&late_counts=on",
            "rescoring": f"{desk}rescoring/",
            "desk-badges": f"{desk}badges/",
            "badge-new": f"{desk}badges/new/",
            "desk-forms": f"{desk}forms/",
            "new-form": f"{desk}forms/new/",
            "surveys": f"{desk}cases/surveys/",
            "desk-reviews": f"{desk}reviews/",
            "mentors": f"{desk}mentoring/overview/",
            "mentors-reviews": f"{desk}mentoring/overview/reviews/",
            "mentors-limits": f"{desk}mentoring/overview/limits/",
            "conflicts": f"{desk}mentoring/overview/conflicts/",
            "reviews-appeals": f"{desk}reviews/appeals/",
            "consultations-all": f"{desk}consultations/",
            "consultations-mentors": f"{desk}consultations/mentors/",
            "discussion-topics": f"{desk}discussion/topics/",
            "consents": f"{desk}consents/",
            "consents-version": f"{desk}consents/1/",
        }

    def newcomer_pages(self) -> dict[str, str]:
        """Of somebody who was chosen and has not begun."""
        return {"home": "/", "welcome": f"/cohorts/{self.cohort}/welcome/"}

    def final_board(self) -> str:
        return f"{self._case()}{self.step}/board/final/"
