"""Places go by keys kept with each score, so that scores of two versions of a case can stand side by side."""

from django.db import migrations, models

FILL = """
    UPDATE submissions_score score
    SET sort_primary = CASE score.split WHEN 'public' THEN grading.public_primary ELSE grading.private_primary END,
        sort_secondary =
            coalesce(CASE score.split WHEN 'public' THEN grading.public_secondary ELSE grading.private_secondary END, 0)
    FROM submissions_grading grading
    JOIN submissions_submission submission ON submission.id = grading.submission_id
    JOIN cases_step step ON step.id = submission.step_id
    JOIN cases_cohortcase cohort_case ON cohort_case.id = step.cohort_case_id
    JOIN cases_caseversion version ON version.id = cohort_case.case_version_id
    WHERE grading.prediction_id = score.prediction_id AND grading.state = 'scored'
      AND version.metric_version = score.metric_version AND version.truth_digest = score.truth_version;
    DELETE FROM submissions_score WHERE sort_primary IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_stumble")]

    operations = [
        migrations.AddField("score", "sort_primary", models.FloatField(null=True)),
        migrations.AddField("score", "sort_secondary", models.FloatField(default=0)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("score", "sort_primary", models.FloatField()),
        migrations.RemoveField("grading", "public_primary"),
        migrations.RemoveField("grading", "public_secondary"),
        migrations.RemoveField("grading", "private_primary"),
        migrations.RemoveField("grading", "private_secondary"),
    ]
