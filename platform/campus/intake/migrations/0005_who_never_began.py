from typing import Any

from django.db import migrations


def say_who_never_began(apps: Any, _schema_editor: Any) -> None:
    """Of those who left already: applications that were taken back, and what the audit log says of the others."""
    enrolments = apps.get_model("cohorts", "Enrolment").objects.filter(state__in=["paused", "withdrawn"])
    entries = apps.get_model("cohorts", "AuditEntry").objects.filter(
        action="enrolment.state_changed", details__state__in=["paused", "withdrawn"]
    )
    steps = entries.order_by("pk").values_list("subject", "details__before")
    left = {subject: before for subject, before in steps if before in _FROM}
    out = [int(subject.removeprefix("enrolment:")) for subject, before in left.items() if _FROM[before]]
    enrolments.filter(application__withdrawn_at__isnull=False).update(never_began=True)
    enrolments.filter(pk__in=out).update(never_began=True)


# The states from which somebody leaves, and whether they had not begun in them.
_FROM = {"applied": True, "selected": True, "active": False, "completed": False}


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0004_who_never_began"),
        ("intake", "0004_rosters"),
    ]

    operations = [migrations.RunPython(say_who_never_began, migrations.RunPython.noop)]
