# Mentions keep the name that was typed; of those written before, it is read from the post as it was rendered.

import re
from html import unescape

from django.db import migrations, models

SPAN = re.compile(r'<span class="mention">[@＠](.*?)</span>')


def read_names(apps, _schema_editor):
    Mention = apps.get_model("discussion", "Mention")
    Post = apps.get_model("discussion", "Post")
    for post in Post.objects.filter(mentions__isnull=False).distinct().iterator():
        mentions = list(Mention.objects.filter(post=post).select_related("person"))
        typed = [unescape(name) for name in SPAN.findall(post.html)]
        # A name that is nobody's any more was somebody's of these.
        taken = {_plain(name) for one in mentions for name in (one.person.name, one.person.alias)}
        earlier = [name for name in typed if _plain(name) not in taken]
        for mention in mentions:
            own = {_plain(mention.person.name), _plain(mention.person.alias)}
            called_now = [name for name in typed if _plain(name) in own]
            mention.names = list(dict.fromkeys(called_now or earlier))
            mention.save(update_fields=["names"])


def _plain(name):
    return name.replace(" ", "").replace("\u3000", "").lower()


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0008_shows_typing"),
    ]

    operations = [
        migrations.AddField(
            model_name="mention",
            name="names",
            field=models.JSONField(
                default=list, help_text="Every name under which the post, now or earlier, calls them"
            ),
        ),
        migrations.RunPython(read_names, migrations.RunPython.noop),
    ]
