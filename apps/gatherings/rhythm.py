"""The days on which a series comes, reckoned as local days: what hour that is in UTC is each date's own affair."""

from collections.abc import Iterator
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

WEEKS_BETWEEN = {"weekly": 1, "fortnightly": 2}
LASTS_MONTHS = 6
LAST = -1


def which_of_its_month(day: date) -> int:
    """2 for a second Thursday. A fifth one is the last, since most months have no fifth."""
    which = (day.day - 1) // 7 + 1
    return LAST if which == 5 else which


def days(rhythm: str, first_day: date, last_day: date) -> Iterator[date]:
    """Every day from the first on to the last one, both included."""
    ends = {"dtstart": datetime.combine(first_day, time()), "until": datetime.combine(last_day, time())}
    if rhythm in WEEKS_BETWEEN:
        rule = rrule(WEEKLY, interval=WEEKS_BETWEEN[rhythm], **ends)
    else:
        rule = rrule(MONTHLY, byweekday=weekday(first_day.weekday(), which_of_its_month(first_day)), **ends)
    return (moment.date() for moment in rule)


def ends_on(first_day: date, renewals: int) -> date:
    """The last day of a series that was renewed so often and not ended before."""
    last_day: date = first_day + relativedelta(months=LASTS_MONTHS * (renewals + 1))
    return last_day


def in_words(rhythm: str, first_day: date) -> str:
    """ "Every Thursday" """
    which = {
        1: pgettext("of a month’s Thursdays", "first"),
        2: pgettext("of a month’s Thursdays", "second"),
        3: pgettext("of a month’s Thursdays", "third"),
        4: pgettext("of a month’s Thursdays", "fourth"),
        LAST: pgettext("of a month’s Thursdays", "last"),
    }
    words = {"weekday": date_format(first_day, "l"), "which": which[which_of_its_month(first_day)]}
    sentences = {
        "weekly": _("Every %(weekday)s"),
        "fortnightly": _("Every two weeks, on %(weekday)s"),
        "monthly": _("Every month, on the %(which)s %(weekday)s"),
    }
    return sentences[rhythm] % words
