import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Here",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("process", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=60)),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "live_presence",
                "indexes": [models.Index(fields=["key"], name="live_presen_key_idx")],
            },
        ),
        # Written every few seconds and worth nothing after a crash: no write-ahead log.
        migrations.RunSQL("ALTER TABLE live_presence SET UNLOGGED", migrations.RunSQL.noop),
    ]
