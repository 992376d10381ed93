"""Word to whoever reported, and to those who read reports.

None says what a report is about, neither in its subject nor in its text: it may be read by whoever it is about.
"""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.gatherings import timing
from apps.moderation.answered import who_answers
from apps.moderation.models import Report, Word
from apps.moderation.models.report import is_concerned, may_read
from apps.outbox.kinds import Mail, register
from apps.outbox.models import Message

TEMPLATES = "moderation/email"


def reports(ids: Collection[int]) -> dict[int, Report]:
    return Report.objects.select_related("reporter").in_bulk(ids)


def is_kept(message: Message) -> bool:
    return message.subject is not None


def report_received(message: Message) -> Mail:
    return Mail(
        subject=_("We have what you wrote"),
        template=f"{TEMPLATES}/report_received",
        context={
            "report": message.subject,
            "answered": who_answers(message.member is None),
            "no_more_url": "",
            "help_url": help_url(),
        },
    )


def report_decided(message: Message) -> Mail:
    return Mail(
        subject=_("An answer from us"),
        template=f"{TEMPLATES}/report_decided",
        context={
            "report": message.subject,
            "answered": who_answers(message.member is None),
            "no_more_url": "",
            "help_url": help_url(),
        },
    )


def until_morning(message: Message) -> datetime | None:
    """Until when it must wait, as its reader sleeps. What is urgent wakes whoever may help."""
    subject = message.subject
    if message.member is None or (isinstance(subject, Report) and subject.is_urgent):
        return None
    local = timezone.now().astimezone(ZoneInfo(message.member.time_zone))
    return timing.morning_after(local) if timing.is_night(local) else None


def help_url() -> str:
    return settings.BASE_URL + reverse("moderation:report")


def is_decided(message: Message) -> bool:
    return message.subject is not None and message.subject.is_decided


def still_needs_them(message: Message) -> bool:
    """It waits still, and it may be read by them; or, where it goes to a keeper, it does not concern them."""
    report: Report | None = message.subject
    if report is None or report.is_decided:
        return False
    return message.member is None or may_read(message.member, report) or not is_concerned(message.member, report)


def moderators_needed(message: Message) -> Mail:
    """To a moderator a link; to a keeper, or the community's own address, that somebody is wanted who may read it."""
    report: Report = message.subject
    reads = message.member is not None and may_read(message.member, report)
    url = reverse("moderation:one", args=[report.key]) if reads else reverse("admin:profiles_member_changelist")
    return Mail(
        subject=_("Somebody is needed soon") if report.is_urgent else _("Somebody is needed"),
        template=f"{TEMPLATES}/moderators_needed",
        context={
            "is_urgent": report.is_urgent,
            "reads": reads,
            "url": settings.BASE_URL + url,
            "answered": who_answers(message.member is None),
            "no_more_url": "",
        },
    )


def words_sent(ids: Collection[int]) -> dict[int, Word]:
    return Word.objects.select_related("gathering__town").in_bulk(ids)


def word_from_moderators(message: Message) -> Mail:
    word: Word = message.subject
    return Mail(
        subject=_("A word from us"),
        template=f"{TEMPLATES}/word_from_moderators",
        context={
            "word": word,
            "community_email": settings.COMMUNITY_EMAIL,
            "promise_url": settings.BASE_URL + reverse("community:promise"),
            "help_url": help_url(),
            "no_more_url": "",
        },
    )


register("word_from_moderators", is_kept, word_from_moderators, load=words_sent, rests_until=until_morning)
register("report_received", is_kept, report_received, load=reports)
register("report_decided", is_decided, report_decided, load=reports)
register("moderators_needed", still_needs_them, moderators_needed, load=reports, rests_until=until_morning)
