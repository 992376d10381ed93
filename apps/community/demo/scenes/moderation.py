"""Mail about what was not right."""

from apps.community.demo.scenes.stage import Scene, dinner, mail_to, mei, noor, somebody
from apps.moderation.models import Report
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


SCENES: list[Scene] = [report_received, report_decided, moderators_needed, moderators_needed_by_a_keeper]
