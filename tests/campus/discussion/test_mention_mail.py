"""What the mail about a mention says, in the reader's language, and what it no longer says."""

import pytest

from campus.discussion.actions import delete_post
from campus.discussion.models import Thread
from campus.notices.models import Mail
from campus.notices.writing import compose
from campus.people.models import Person
from tests.campus.discussion.conftest import say

pytestmark = pytest.mark.django_db


def mail_of(person: Person) -> str:
    message = compose(Mail.objects.get(person=person)).message
    return f"{message['Subject']}\n{message.get_content()}"


def test_it_says_who_wrote_what_where(thread: Thread, learner: Person, mate: Person, mentor: Person) -> None:
    Person.objects.filter(pk=mentor.pk).update(language="en")
    post = say(thread, mate, "@Hanako @Megumi **どう**思いますか <b>")
    japanese, english = mail_of(learner), mail_of(mentor)
    assert "「欠品の扱い」であなたにメンションがありました" in japanese
    assert "Taroさんが、スレッド「欠品の扱い」であなたにメンションしました。" in japanese
    assert "You were mentioned in “欠品の扱い”" in english
    for text in (japanese, english):
        assert "@Megumi どう思いますか <b>" in text
        assert post.path in text


def test_a_post_that_was_deleted_meanwhile_is_not_sent_after_all(thread: Thread, learner: Person, mate: Person) -> None:
    post = say(thread, mate, "@Hanako 書きすぎました")
    delete_post(post=post)
    assert "書きすぎ" not in mail_of(learner)
    assert "その投稿は削除または非表示にされました" in mail_of(learner)
