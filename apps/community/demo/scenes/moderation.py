"""Mail about what was not right."""

from apps.community.demo.scenes.stage import Scene, dinner, evening, mail_to, mei, noor, somebody
from apps.gatherings.models import CoHost
from apps.moderation.models import Report, Suspension, Word
from apps.outbox.models import Message
from apps.profiles.models import Member

TOLD = "They went on asking where I live, though I had said no."


def told_by(reporter: Member, **said: object) -> Report:
    return Report.objects.make(reporter, gathering=dinner(), words=TOLD, **said)


def moderator() -> Member:
    reader = somebody("Temperance")
    Member.objects.filter(pk=reader.pk).update(is_moderator=True)
    return reader


def report_received() -> Message:
    """Noor has told the moderators of something, and wishes to be asked first."""
    told_by(noor(), asks_first=True)
    return mail_to(noor(), "report_received")


def report_decided() -> Message:
    """They have looked into it."""
    report = told_by(noor())
    report.decide(Report.Outcome.ACTED, "We have spoken with them. You will not meet them at a table again.")
    return mail_to(noor(), "report_decided")


def moderators_needed() -> Message:
    """An urgent report, to somebody who may read it."""
    reader = moderator()
    told_by(noor(), is_urgent=True)
    return mail_to(reader, "moderators_needed")


def moderators_needed_by_a_keeper() -> Message:
    """The only moderator hosts the table that it is about."""
    Member.objects.filter(is_moderator=True).update(is_moderator=False)
    Member.objects.filter(pk=mei().pk).update(is_moderator=True)
    keeper = somebody("Sam")
    Member.objects.filter(pk=keeper.pk).update(is_staff=True, is_superuser=True)
    told_by(noor())
    return mail_to(keeper, "moderators_needed")


def word_from_moderators() -> Message:
    """To whoever was reported, without saying by whom."""
    Word.objects.send(Word.What.WARNING, mei(), words="Please ask guests nothing that they have declined to answer.")
    return mail_to(mei(), "word_from_moderators")


def word_from_moderators_asking() -> Message:
    """To whoever reported, and wished to be asked first."""
    report = told_by(noor(), asks_first=True)
    Word.objects.send(Word.What.QUESTION, noor(), report=report, words="May we speak with them about it?")
    return mail_to(noor(), "word_from_moderators")


def word_from_moderators_about_a_picture() -> Message:
    """To whoever had one that others did not wish to be in."""
    Word.objects.send(Word.What.PICTURE, mei(), words="Somebody else is in it, and would rather not be.")
    return mail_to(mei(), "word_from_moderators")


def word_from_moderators_suspending() -> Message:
    """To the address of somebody who may not sign in for a while."""
    Suspension.objects.impose(mei(), evening(30).date(), "We spoke of this in October, and it has gone on.")
    return word_to(mei())


def word_from_moderators_banning() -> Message:
    """To the address of somebody who may not come back."""
    Suspension.objects.impose(mei(), None)
    return word_to(mei())


def word_from_moderators_letting_back() -> Message:
    """To somebody who may sign in again."""
    Suspension.objects.impose(mei(), None)
    Suspension.objects.lift(mei(), "We have spoken, and it was a mistake. We are sorry.")
    return mail_to(mei(), "word_from_moderators")


def word_from_moderators_to_a_new_host() -> Message:
    """Whose host may not sign in any more."""
    CoHost.invite(dinner(), noor().email)
    CoHost.objects.get(email=noor().email).accept(noor())
    Suspension.objects.impose(mei(), None)
    return mail_to(noor(), "word_from_moderators")


def word_to(member: Member) -> Message:
    """They may not sign in, so it goes to their address alone."""
    found: Message = Message.objects.get(kind="word_from_moderators", address=member.email)
    return found


SCENES: list[Scene] = [
    report_received,
    report_decided,
    moderators_needed,
    moderators_needed_by_a_keeper,
    word_from_moderators,
    word_from_moderators_asking,
    word_from_moderators_about_a_picture,
    word_from_moderators_suspending,
    word_from_moderators_banning,
    word_from_moderators_letting_back,
    word_from_moderators_to_a_new_host,
]
