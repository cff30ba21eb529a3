"""Keeps what was signed, for many awards in two statements.

Written in SQL because Django's bulk_update takes longer for a hundred awards than signing them does.
"""

from collections.abc import Sequence

from django.db import connection

from campus.badges.models import Award, Credential

# What signing and replacing change of an award, in the order of the statement.
_FIELDS = (
    "id",
    "version_id",
    "name",
    "name_roman",
    "identity",
    "language",
    "status_list_id",
    "status_index",
    "revision",
    "issued_at",
    "valid_from",
    "expires_at",
    "anew_run_id",
)
_UPDATE = """
    UPDATE badges_award AS award SET
        version_id = signed.version, name = signed.name, name_roman = signed.roman, identity = signed.identity,
        language = signed.language, status_list_id = signed.list, status_index = signed.place,
        revision = signed.revision, issued_at = signed.issued, valid_from = signed.starts,
        expires_at = signed.expires, anew_run_id = signed.run
    FROM unnest(
        %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::integer[],
        %s::integer[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::bigint[]
    ) AS signed (id, version, name, roman, identity, language, list, place, revision, issued, starts, expires, run)
    WHERE award.id = signed.id
"""


def record(awards: Sequence[Award], credentials: Sequence[Credential]) -> None:
    """Part of the caller's transaction, which holds the rows."""
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [[getattr(award, field) for award in awards] for field in _FIELDS])
    Credential.objects.bulk_create(
        credentials, update_conflicts=True, unique_fields=["award"], update_fields=["key", "document", "jwt"]
    )
