"""The people of the demo: the accounts to sign in with, and learners around them."""

import random
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from campus.cohorts.models import Role
from campus.people.codes import AgeBand, Industry, Occupation, Prefecture
from campus.people.models import Person, Profile

PASSWORD = "manabiai-demo"
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Account:
    """Somebody whose password is printed at the start."""

    key: str
    name: str
    name_kana: str
    name_roman: str
    alias: str
    role: Role | None

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


LEARNER = Account("learner", "青木 さくら", "アオキ サクラ", "AOKI Sakura", "さくら", Role.LEARNER)
MATE = Account("mate", "井上 健太", "イノウエ ケンタ", "INOUE Kenta", "", Role.LEARNER)
OUTSIDER = Account("outsider", "上田 直子", "ウエダ ナオコ", "UEDA Naoko", "", Role.LEARNER)
FACILITATOR = Account("facilitator", "大野 恵", "オオノ メグミ", "ONO Megumi", "", Role.FACILITATOR)
MENTOR = Account("mentor", "加藤 誠", "カトウ マコト", "KATO Makoto", "", Role.MENTOR)
ORGANISER = Account("organiser", "木村 由美", "キムラ ユミ", "KIMURA Yumi", "", Role.ORGANISER)
# Chosen, but has not agreed to anything yet: the way in.
NEWCOMER = Account("newcomer", "工藤 新", "", "", "", Role.LEARNER)
# Runs the installation, and takes part in no cohort.
OPERATOR = Account("operator", "小山 隆", "", "", "", None)
ACCOUNTS = [LEARNER, MATE, OUTSIDER, FACILITATOR, MENTOR, ORGANISER, NEWCOMER, OPERATOR]

NAMES = {
    kind: words.split()
    for kind, words in tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8")).items()
}


def make_people(*, learners: int, applicants: int) -> dict[str, Person]:
    """Create the accounts, further learners and applicants; keys are the local parts of their addresses.

    All share one password hash: hashing it two thousand times would take minutes.
    """
    password, joined = make_password(PASSWORD), timezone.now() - timedelta(days=90)
    drawn = random.Random(learners)
    wanted = {
        a.key: Person(email=a.email, name=a.name, alias=a.alias, password=password, is_staff=a is OPERATOR)
        for a in ACCOUNTS
    }
    numbered = [f"learner{number:04d}" for number in range(1, learners + 1)]
    numbered += [f"applicant{number:02d}" for number in range(1, applicants + 1)]
    for key in numbered:
        name = f"{drawn.choice(NAMES['family'])} {drawn.choice(NAMES['given'])}"
        alias = drawn.choice(NAMES["nicknames"]) if drawn.random() < 0.3 else ""
        wanted[key] = Person(email=f"{key}@{DOMAIN}", name=name, alias=alias, password=password)
    for person in wanted.values():
        person.date_joined = joined  # Else nothing of what was said before would be new to them.
    people = Person.objects.bulk_create(wanted.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    _fill_profiles(wanted, drawn)
    return wanted


def _fill_profiles(people: dict[str, Person], drawn: random.Random) -> None:
    """Everybody tells where they come from; how their names are written, those who sign in."""
    written = {a.key: {"name_kana": a.name_kana, "name_roman": a.name_roman} for a in ACCOUNTS}
    Profile.objects.bulk_create(
        Profile(
            person=person,
            industry=drawn.choice(Industry.values),
            occupation=drawn.choice(Occupation.values),
            prefecture=drawn.choice(Prefecture.values),
            age_band=drawn.choice(AgeBand.values),
            shared=["prefecture"] if drawn.random() < 0.3 else [],
            **written.get(key, {}),
        )
        for key, person in people.items()
        if key not in {NEWCOMER.key, OPERATOR.key}
    )
