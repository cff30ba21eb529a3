"""What changes a person."""

from campus.people.models import Person


def change_language(*, person: Person, language: str) -> None:
    """Keep the language that the person chose."""
    person.language = language
    person.full_clean(validate_unique=False, validate_constraints=False)
    person.save(update_fields=["language"])
