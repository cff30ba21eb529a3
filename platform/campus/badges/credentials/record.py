"""A Comprehensive Learner Record 2.0: all badges of one person in one credential of their issuer.

Each badge lies in it as it was signed, with its own proof and its own place in a status list, so it can be taken out
and checked by itself.
"""

from datetime import datetime

from campus.badges.credentials.build import CONTEXTS, filled, identifiers_of, profile_of
from campus.badges.credentials.canonical import is_wholly_signed
from campus.badges.credentials.contexts import CLR
from campus.badges.credentials.facts import Document, RecordFacts
from campus.badges.credentials.fast import NotWhollySigned
from campus.badges.credentials.keys import IssuerKeys
from campus.badges.credentials.proof import sign
from campus.badges.credentials.text import address, plain, stamp

RECORD_CONTEXTS = [CONTEXTS[0], CLR, *CONTEXTS[1:]]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}


def record_of(record: RecordFacts) -> Document:
    """The record as a ClrCredential, not signed yet. Raises RefusedText, and ValueError where no badge is in it."""
    if not record.badges:
        raise ValueError("a learner record holds at least one badge")
    return filled(
        {
            "@context": RECORD_CONTEXTS,
            "id": address("id", record.id),
            "type": ["VerifiableCredential", "ClrCredential"],
            "name": plain("name", record.name),
            "issuer": profile_of(record.issuer),
            "validFrom": stamp(record.valid_from),
            "credentialSubject": {
                "id": address("recipient.subject_id", record.recipient.subject_id),
                "type": ["ClrSubject"],
                "identifier": identifiers_of(record.recipient),
                "verifiableCredential": list(record.badges),
            },
            "credentialSchema": [SCHEMA],
        }
    )


def sign_record(record: Document, keys: IssuerKeys, *, created: datetime) -> Document:
    """The record with its proof; ``NotWhollySigned`` instead of leaving a word of it without signature."""
    if not is_wholly_signed(around_badges(record)):
        raise NotWhollySigned
    return sign(record, keys, created=created)


def around_badges(record: Document) -> Document:
    """What the record itself says, without its proof and the badges, which speak for themselves."""
    subject = {name: value for name, value in record["credentialSubject"].items() if name != "verifiableCredential"}
    said = {name: value for name, value in record.items() if name != "proof"}
    return said | {"credentialSubject": subject}
