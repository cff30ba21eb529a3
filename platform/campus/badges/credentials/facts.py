"""What a badge says, as plain facts; the only words in which the rest of the site speaks to this package."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# A document in JSON: a credential, an assertion, a DID document.
Document = dict[str, Any]


@dataclass(frozen=True)
class IssuerFacts:
    """Who issues. ``did`` names the issuer in 3.0 (did:web:…); 2.0 names it by ``Hosting.issuer_url``."""

    did: str
    name: str
    url: str = ""
    email: str = ""  # Open Badges 2.0 requires it.
    description: str = ""
    image_url: str = ""


@dataclass(frozen=True)
class AlignmentFacts:
    """One item of a skills framework that the achievement shows."""

    name: str
    url: str
    description: str = ""
    framework: str = ""  # With its version: "Digital Skill Standard 2.0"
    code: str = ""
    kind: str = ""  # targetType of the specification, such as "ceasn:Competency"


@dataclass(frozen=True)
class RelatedFacts:
    """The same achievement in another language or version."""

    id: str
    language: str = ""
    version: str = ""


@dataclass(frozen=True)
class AchievementFacts:
    """What was achieved, in one language and one version."""

    id: str  # an https address or urn:uuid:…, the same for everybody who is awarded it
    name: str
    description: str
    criteria: str  # Markdown: what one has to do
    criteria_url: str = ""
    image_url: str = ""
    image_caption: str = ""
    kind: str = "Badge"  # achievementType of the specification: Badge, CertificateOfCompletion, Course, …
    language: str = ""  # BCP 47: "ja", "en"
    version: str = ""
    tags: Sequence[str] = ()
    alignments: Sequence[AlignmentFacts] = ()
    related: Sequence[RelatedFacts] = ()


@dataclass(frozen=True)
class RecipientFacts:
    """Who was awarded, so that nobody can be followed from badge to badge.

    ``subject_id`` is a urn:uuid of this one badge. ``salt`` is random for this one badge (``build.new_salt``); the
    address itself never enters the badge, only its hash.
    """

    subject_id: str
    email: str
    salt: str
    name: str = ""  # Stands in the badge for all to read: leave it out unless the holder agreed.


@dataclass(frozen=True)
class EvidenceFacts:
    """One piece of work that the holder lets others see."""

    name: str
    url: str = ""
    description: str = ""
    narrative: str = ""
    kind: str = ""  # genre of the specification


@dataclass(frozen=True)
class StatusPlace:
    """The badge's place in a Bitstring status list: ``index`` is drawn at random by whoever keeps the list."""

    list_url: str
    index: int


@dataclass(frozen=True)
class RevocationListPlace:
    """Instead of a status list: the 1EdTech revocation list, which names revoked badges by id."""

    list_url: str


@dataclass(frozen=True)
class AwardFacts:
    """One badge of one person.

    A badge that is issued anew keeps ``id`` and takes a later ``valid_from``; ``awarded_on`` stays what it was.
    """

    id: str  # https address or urn:uuid:…
    issuer: IssuerFacts
    achievement: AchievementFacts
    recipient: RecipientFacts
    awarded_on: datetime
    valid_from: datetime
    valid_until: datetime | None = None
    evidence: Sequence[EvidenceFacts] = ()
    status: StatusPlace | RevocationListPlace | None = None


@dataclass(frozen=True)
class RecordFacts:
    """All badges of one person in one credential; ``badges`` are signed already, with Data Integrity proofs."""

    id: str
    name: str
    issuer: IssuerFacts
    recipient: RecipientFacts
    valid_from: datetime
    badges: Sequence[Document]


@dataclass(frozen=True)
class Hosting:
    """Where Open Badges 2.0 finds its documents; each address answers with the JSON that ``ob2`` makes for it."""

    assertion_url: str
    badge_class_url: str
    issuer_url: str
    revocations_url: str
    image_url: str  # picture of the achievement: PNG or SVG
    baked_url: str = ""  # the same with the assertion inside


@dataclass(frozen=True)
class Revocation:
    """A badge that no longer counts. The reason is read by everybody: no personal data in it."""

    id: str
    reason: str = ""
