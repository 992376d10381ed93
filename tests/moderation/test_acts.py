"""What a moderator can do about a report: that it is done, written down, and done by nobody else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import CalendarFeed, CannotSit, Change, CoHost, Gathering, Reveal
from apps.moderation.models import Report, Suspension
from apps.moderation.tasks import hour
from apps.outbox.tasks import send
from apps.privacy.models import Departure
from apps.profiles.models import Member, Picture
from apps.safety.models import KeepApart, LogEntry
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.odd import all_rows
from tests.passkeys import let_moderate
from tests.pictures import give_picture

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CANARY = "They-would-not-let-me-leave"
WHY = "It happened twice, and two people say so."


@pytest.fixture
def moderator(client: Client) -> Member:
    moderator = make_member("Temperance")
    let_moderate(client, moderator)
    return moderator


@pytest.fixture
def reporter(db: None) -> Member:
    return make_member("Noor")


@pytest.fixture
def report(moderator: Member, reporter: Member, gathering: Gathering) -> Report:
    make_seat(gathering, reporter)
    return Report.objects.make(reporter, gathering=gathering, about=gathering.host, words=CANARY)


def do(client: Client, report: Report, act: str, **said: Any) -> int:
    return client.post(f"/moderation/{report.key}/{act}/", {"reason": WHY, **said}).status_code


def log() -> list[tuple[str, str]]:
    assert {entry.reason for entry in LogEntry.objects.all()} <= {WHY}
    return list(LogEntry.objects.order_by("pk").values_list("act", "about"))


def mailed() -> dict[str, str]:
    """By address, all that was sent since: subject and both bodies."""
    mail.outbox.clear()
    send()
    found: dict[str, str] = {}
    for email in mail.outbox:
        found[email.to[0]] = found.get(email.to[0], "") + f"{email.subject}\n{email.body}\n{html_of(email)}"
    return found


def test_a_note_is_in_the_log_and_on_the_page(client: Client, report: Report) -> None:
    assert do(client, report, "note") == 302
    assert log() == [("note", f"report {report.key}")]
    page = client.get(f"/moderation/{report.key}/").content.decode()
    assert WHY in page
    assert "Temperance" in page


def test_hiding_keeps_the_seats_and_shows_it_to_nobody_new(
    client: Client, report: Report, reporter: Member, gathering: Gathering
) -> None:
    assert do(client, report, "hide") == 302
    new, seated, host = make_member(), reporter, gathering.host
    for reader, status in ((None, 404), (new, 404), (seated, 200), (host, 200)):
        visitor = Client()
        if reader:
            visitor.force_login(reader)
        assert visitor.get(gathering.get_absolute_url()).status_code == status
    assert gathering.title not in Client().get("/near/bristol-gb/").content.decode()
    assert not Gathering.objects.visible_to(seated).listed().filter(pk=gathering.pk).exists()
    visitor.force_login(host)
    assert "A moderator has taken this out of sight" in visitor.get(gathering.get_absolute_url()).content.decode()
    assert do(client, report, "show") == 302
    assert Client().get(gathering.get_absolute_url()).status_code == 200
    about = f"gathering {gathering.key}, report {report.key}"
    assert log() == [("hide", about), ("show again", about)]


def test_nobody_new_sits_at_a_hidden_table(client: Client, report: Report, gathering: Gathering) -> None:
    do(client, report, "hide")
    gathering.refresh_from_db()
    with pytest.raises(CannotSit):
        gathering.seat(make_member())


# What is written to somebody: kind "word_from_moderators"


def test_a_warning_is_a_mail_that_names_nobody(client: Client, report: Report, gathering: Gathering) -> None:
    mailed()
    words = "Please let people go when they like."
    assert do(client, report, "warn", whom=gathering.host.key, words=words) == 302
    assert log() == [("warn", f"member {gathering.host.key}, report {report.key}")]
    [(to, text)] = mailed().items()
    assert to == gathering.host.email
    assert words in text
    for secret in (CANARY, WHY, "Noor", "Temperance"):
        assert secret not in text


def test_a_seat_is_taken_away_in_neutral_words(client: Client, moderator: Member, gathering: Gathering) -> None:
    guest = make_seat(gathering, make_member("Quincy")).member
    report = Report.objects.make(None, gathering=gathering, about=guest, words=CANARY)
    mailed()
    assert do(client, report, "remove", whom=guest.key) == 302
    assert gathering.rsvps.get(member=guest).is_declined
    assert log() == [("remove", f"member {guest.key}, report {report.key}")]
    assert CANARY not in mailed()[guest.email]


def test_two_are_kept_apart(client: Client, report: Report, reporter: Member, gathering: Gathering) -> None:
    assert do(client, report, "keep-apart", whom=gathering.host.key, other=reporter.key) == 302
    pair = KeepApart.objects.get()
    assert {pair.first, pair.second} == {reporter, gathering.host}
    assert gathering.rsvps.get(member=reporter).is_declined
    assert log() == [("keep apart", f"members {gathering.host.key} and {reporter.key}, report {report.key}")]
    page = client.get(f"/moderation/{report.key}/").content.decode()
    assert page.count(f"Kept two apart: {gathering.host.name}, Noor") == page.count("Kept two apart") == 1


def test_a_gathering_is_called_off_with_words(client: Client, report: Report, reporter: Member) -> None:
    mailed()
    assert do(client, report, "call-off") == 422
    assert do(client, report, "call-off", words="We are sorry.") == 302
    assert Gathering.objects.get().is_cancelled
    sent = mailed()[reporter.email]
    assert "We are sorry." in sent
    assert CANARY not in sent
    assert [act for act, _about in log()] == ["call off"]


def test_whoever_wants_to_be_asked_is_asked_first(client: Client, report: Report, reporter: Member) -> None:
    Report.objects.update(asks_first=True)
    assert do(client, report, "hide") == 422
    assert not log()
    mailed()
    assert do(client, report, "ask", words="May we write to them?") == 302
    assert "May we write to them?" in mailed()[reporter.email]
    assert do(client, report, "hide", has_asked="on") == 302
    assert [act for act, _about in log()] == ["ask", "hide"]


def test_the_answer_closes_it_once(client: Client, report: Report, reporter: Member) -> None:
    mailed()
    assert do(client, report, "decide", outcome="acted", answer="We have spoken with them.") == 302
    assert do(client, report, "decide", outcome="looked") == 302
    assert "We have spoken with them." in mailed()[reporter.email]
    assert [act for act, _about in log()] == ["answer: acted"]


# Revealed, each time with a reason


def test_an_address_is_shown_only_with_a_reason_and_only_then(
    client: Client, report: Report, gathering: Gathering
) -> None:
    url = f"/moderation/{report.key}/reveal-address/"
    assert gathering.address not in client.get(url).content.decode()
    refused = client.post(url, {"reason": " "})
    assert (refused.status_code, gathering.address in refused.content.decode()) == (422, False)
    assert not log()
    shown = client.post(url, {"reason": WHY})
    assert gathering.address in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert log() == [("reveal address", f"gathering {gathering.key}, report {report.key}")]
    assert gathering.address not in client.get(url).content.decode()
    assert gathering.address not in client.get(f"/moderation/{report.key}/").content.decode()


def test_guests_can_be_chosen_once_they_are_revealed(client: Client, report: Report, gathering: Gathering) -> None:
    guest = make_seat(gathering, make_member("Quincy")).member
    warn = f"/moderation/{report.key}/warn/"
    assert "Quincy" not in client.get(warn).content.decode()
    assert do(client, report, "warn", whom=guest.key, words="Please do not.") == 422
    assert "Quincy" in client.post(f"/moderation/{report.key}/reveal-guests/", {"reason": WHY}).content.decode()
    assert "Quincy" in client.get(warn).content.decode()
    assert do(client, report, "warn", whom=guest.key, words="Please do not.") == 302
    other = Client()
    let_moderate(other, make_member())
    assert "Quincy" not in other.get(warn).content.decode()  # they have given no reason yet


def test_who_was_shown_the_address_is_told_with_a_reason_and_only_then(
    client: Client, report: Report, gathering: Gathering
) -> None:
    guest, url = make_seat(gathering, make_member("Quincy")).member, f"/moderation/{report.key}/reveal-looks/"
    assert "Nobody has looked at it here." in client.post(url, {"reason": WHY}).content.decode()
    Reveal.objects.create(member=guest, gathering=gathering, day=timezone.now().date())
    Reveal.objects.create(member=make_member("Ottoline"), gathering=make_gathering(), day=timezone.now().date())
    assert "Quincy" not in client.get(url).content.decode()
    refused = client.post(url, {"reason": ""})
    assert (refused.status_code, "Quincy" in refused.content.decode()) == (422, False)
    shown = client.post(url, {"reason": WHY}).content.decode()
    assert ("Quincy" in shown, "Ottoline" in shown) == (True, False)
    assert log() == [("reveal who saw the address", f"gathering {gathering.key}, report {report.key}")] * 2


@pytest.mark.parametrize("act", ["reveal-looks", "reveal-address"])
def test_at_a_public_place_there_is_nothing_to_reveal(client: Client, moderator: Member, act: str) -> None:
    report = Report.objects.make(None, gathering=make_gathering(setting=Gathering.Setting.PUBLIC), words=CANARY)
    assert act not in client.get(f"/moderation/{report.key}/").content.decode()
    assert client.get(f"/moderation/{report.key}/{act}/").status_code == do(client, report, act) == 302
    assert not log()


def test_an_address_that_is_kept_no_more_is_not_offered(client: Client, report: Report) -> None:
    Gathering.objects.update(address="", way_in="")
    assert "reveal-address" not in client.get(f"/moderation/{report.key}/").content.decode()
    assert do(client, report, "reveal-address") == 302
    assert not log()


def test_a_report_leads_to_its_gathering_where_the_moderator_may_see_it(
    client: Client, report: Report, gathering: Gathering
) -> None:
    link = f'href="{gathering.get_absolute_url()}"'
    assert link in client.get(f"/moderation/{report.key}/").content.decode()
    do(client, report, "hide")
    page = client.get(f"/moderation/{report.key}/").content.decode()
    assert (link in page, gathering.title in page) == (False, True)


# A picture


def test_a_picture_is_taken_away_with_a_word_to_whose_it_was(
    client: Client, report: Report, gathering: Gathering, pictures: Path
) -> None:
    host = gathering.host
    assert "There is nobody to choose from" in client.get(f"/moderation/{report.key}/remove-picture/").content.decode()
    give_picture(host)
    mailed()
    words = "Please choose one without others in it."
    assert do(client, report, "remove-picture", whom=host.key, words=words) == 302
    assert not Picture.objects.exists()
    assert log() == [("remove picture", f"member {host.key}, report {report.key}")]
    assert f"Took a picture away: {host.name}" in client.get(f"/moderation/{report.key}/").content.decode()
    [(to, text)] = mailed().items()
    assert to == host.email
    assert "We have taken your picture away" in text
    assert words in text
    for secret in (CANARY, WHY, "Noor", "Temperance"):
        assert secret not in text
    assert do(client, report, "remove-picture", whom=host.key) == 422  # there is none any more


def test_nobody_elses_picture_is_taken_away(client: Client, report: Report, reporter: Member, pictures: Path) -> None:
    for somebody in (reporter, make_member("Quincy")):
        give_picture(somebody)
        assert do(client, report, "remove-picture", whom=somebody.key) == 422
    assert Picture.objects.count() == 2


# Suspended and banned


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def accused(client: Client, gathering: Gathering) -> Client:
    """A browser in which the host is signed in."""
    visitor = Client()
    visitor.force_login(gathering.host)
    return visitor


@pytest.mark.parametrize(("act", "until"), [("suspend", 30), ("ban", None)])
def test_they_are_a_stranger_from_the_next_request_on(
    client: Client, accused: Client, report: Report, gathering: Gathering, act: str, until: int | None
) -> None:
    host = gathering.host
    members_only = make_gathering(visibility="members")
    CalendarFeed.objects.renew(host)
    feed = CalendarFeed.objects.get().url.removeprefix(settings.BASE_URL)
    assert accused.get("/table/").status_code == accused.get(feed).status_code == 200
    mailed()
    assert do(client, report, act, whom=host.key, **({"until": in_days(until)} if until else {})) == 302
    assert accused.get("/table/")["Location"].startswith("/accounts/login/")
    assert accused.get(members_only.get_absolute_url()).status_code == 404
    assert accused.get(feed).status_code == 404
    assert accused.get("/near/bristol-gb/").status_code == accused.get("/report/").status_code == 200
    sent = mailed()
    assert ("Your account rests until" if until else "We have closed your account here") in sent[host.email]
    for secret in (CANARY, WHY, "Noor"):
        assert secret not in sent[host.email]
    assert Gathering.objects.get(pk=gathering.pk).is_cancelled
    make_seat(make_gathering(), make_member())
    assert host.email not in mailed()
    assert len(log()) == 1


def test_what_they_host_goes_to_a_co_host_and_their_seats_are_free(
    client: Client, report: Report, gathering: Gathering
) -> None:
    host, helper, home = gathering.host, make_member("Ines"), gathering.address
    CoHost.invite(gathering, helper.email)
    gathering.co_hosts.get().accept(helper)
    theirs = make_seat(make_gathering(seats=1), host)
    helped = make_gathering()
    CoHost.invite(helped, host.email)
    helped.co_hosts.get().accept(host)
    mailed()
    do(client, report, "ban", whom=host.key)
    gathering.refresh_from_db()
    assert (gathering.host, gathering.is_published, gathering.co_hosts.count()) == (helper, True, 0)
    assert gathering.address == "Ines hosts now, and says in time where"  # nobody is led to the home of who was banned
    assert not Change.objects.filter(Q(old__icontains=home) | Q(new__icontains=home)).exists()
    theirs.refresh_from_db()
    assert not theirs.is_open
    assert not helped.is_run_by(host)
    told = mailed()[helper.email]
    assert "it is yours now" in told
    assert "the address is taken out" in told


def test_a_suspension_leaves_what_is_later_and_ends_on_its_day(
    client: Client, accused: Client, report: Report, gathering: Gathering, time_machine: Any
) -> None:
    later = make_gathering(timezone.now() + timedelta(days=20), host=gathering.host)
    do(client, report, "suspend", whom=gathering.host.key, until=in_days(10))
    later.refresh_from_db()
    assert later.is_published
    hour()
    assert not Member.objects.get(pk=gathering.host.pk).is_active
    time_machine.move_to(timezone.now() + timedelta(days=10))
    hour()
    assert Member.objects.get(pk=gathering.host.pk).is_active
    assert not Suspension.objects.exists()
    assert accused.get("/table/").status_code == 302  # the old session has ended for good


def test_control_a_ban_does_not_end(client: Client, report: Report, gathering: Gathering, time_machine: Any) -> None:
    do(client, report, "ban", whom=gathering.host.key)
    time_machine.move_to(timezone.now() + timedelta(days=4000))
    hour()
    assert not Member.objects.get(pk=gathering.host.pk).is_active


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "9999-01-01", "\x00"])
def test_a_day_that_makes_no_sense_is_refused(client: Client, report: Report, gathering: Gathering, until: str) -> None:
    assert do(client, report, "suspend", whom=gathering.host.key, until=until) == 422
    assert Member.objects.get(pk=gathering.host.pk).is_active
    assert not log()


def test_a_keeper_is_not_locked_out_by_a_moderator(client: Client, report: Report, gathering: Gathering) -> None:
    Member.objects.filter(pk=gathering.host.pk).update(is_staff=True)
    for act in ("suspend", "ban"):
        assert do(client, report, act, whom=gathering.host.key, until=in_days(3)) == 422


@pytest.mark.parametrize("act", ["suspend", "ban"])
def test_a_moderator_lets_back_whom_they_had_shut_out(
    client: Client, report: Report, gathering: Gathering, act: str
) -> None:
    host = gathering.host
    assert do(client, report, "let-back", whom=host.key) == 422  # who may sign in needs no letting back
    do(client, report, act, whom=host.key, until=in_days(10))
    mailed()
    assert host.name in client.get(f"/moderation/{report.key}/let-back/").content.decode()
    assert do(client, report, "let-back", whom=host.key, words="It was a mistake.") == 302
    host.refresh_from_db()
    assert host.is_active
    assert not Suspension.objects.exists()
    sent = mailed()[host.email]
    assert "Your account is open again" in sent
    assert "It was a mistake." in sent
    for secret in (CANARY, WHY, "Noor"):
        assert secret not in sent
    assert log()[-1] == ("let back", f"member {host.key}, report {report.key}")
    assert do(client, report, "let-back", whom=host.key) == 422


@pytest.mark.parametrize("way", ["let back", "its day has come"])
def test_whoever_has_left_meanwhile_is_not_brought_back_by_it(
    client: Client, report: Report, gathering: Gathering, way: str
) -> None:
    host = gathering.host
    do(client, report, "suspend", whom=host.key, until=in_days(10))
    Departure.objects.begin(host)
    if way == "let back":
        do(client, report, "let-back", whom=host.key)
    else:
        with time_machine.travel(timezone.now() + timedelta(days=11)):
            hour()
    host.refresh_from_db()
    assert not host.is_active
    assert Departure.objects.that_may_return(host).exists()


# Never without a reason, a right, or a place in the log

EVERY = [
    "note", "ask", "reveal-address", "reveal-guests", "reveal-looks", "hide", "warn", "remove", "remove-picture",
    "keep-apart", "let-meet", "call-off", "suspend", "ban", "let-back", "decide",
]  # fmt: skip


@pytest.mark.parametrize("act", EVERY)
def test_every_act_wants_a_reason(client: Client, report: Report, act: str) -> None:
    before = all_rows()
    answer = client.post(f"/moderation/{report.key}/{act}/", {"reason": "\u200b"})
    assert answer.status_code == 422
    assert "Please say why." in answer.content.decode()
    assert all_rows() == before


@pytest.mark.parametrize("act", EVERY)
def test_nobody_acts_on_a_report_that_concerns_them(client: Client, moderator: Member, act: str) -> None:
    report = Report.objects.make(None, gathering=make_gathering(host=moderator), words=CANARY)
    before = all_rows()
    assert do(client, report, act, whom=moderator.key, words="x", outcome="acted") == 404
    assert client.get(f"/moderation/{report.key}/{act}/").status_code == 404
    assert all_rows() == before


def test_an_act_that_cannot_be_written_down_is_not_done(
    client: Client, report: Report, gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.safety.models.LogQuerySet.add", fails)
    with pytest.raises(RuntimeError):
        do(client, report, "ban", whom=gathering.host.key)
    assert Member.objects.get(pk=gathering.host.pk).is_active
    assert Gathering.objects.get().is_published
    assert not Suspension.objects.exists()


def test_the_words_of_a_report_are_in_no_mail_no_log_and_on_one_page(
    client: Client, report: Report, reporter: Member, gathering: Gathering, caplog: Any
) -> None:
    keeper = Client()
    keeper.force_login(make_member(is_staff=True, is_superuser=True))
    do(client, report, "warn", whom=gathering.host.key, words="Please let people go.")
    do(client, report, "ask", words="May we?")
    do(client, report, "ban", whom=gathering.host.key)
    do(client, report, "decide", outcome="acted")
    send()
    for email in mail.outbox:
        assert CANARY not in f"{email.subject} {email.body} {html_of(email)}"
    assert CANARY not in caplog.text
    assert not any(
        CANARY in str(row) for table, rows in all_rows().items() if table != "moderation.Report" for row in rows
    )
    own = Client()
    own.force_login(reporter)
    pages = ["/report/", "/report/received/", "/table/", gathering.get_absolute_url(), "/admin/", "/moderation/"]
    for visitor in (own, keeper):
        assert not any(CANARY in visitor.get(url).content.decode() for url in pages)
    assert CANARY in client.get(f"/moderation/{report.key}/").content.decode()


def test_the_page_of_a_report_takes_as_many_queries_with_a_long_log(
    client: Client, report: Report, django_assert_num_queries: Any
) -> None:
    do(client, report, "note")
    counts = []
    for more in (1, 8):
        for _ in range(more):
            do(client, report, "note")
        with django_assert_num_queries(7):  # session, member, report, gathering, log, names, mail trouble
            client.get(f"/moderation/{report.key}/")
        counts.append(LogEntry.objects.count())
    assert counts == [2, 10]


def test_nobody_is_chosen_before_the_moderator_chooses_and_whom_it_is_about_comes_first(
    client: Client, report: Report, gathering: Gathering
) -> None:
    guest = make_seat(gathering, make_member("Quincy")).member
    Report.objects.filter(pk=report.pk).update(about=guest)
    for act in ("ban", "suspend", "warn"):
        page = client.get(f"/moderation/{report.key}/{act}/").content.decode()
        assert (
            page.index('<option value="" selected>') < page.index("Quincy (") < page.index(gathering.host.name + " (")
        )
    assert do(client, report, "ban") == 422
    assert not Suspension.objects.exists()


def test_where_there_is_nobody_to_choose_the_page_says_so(client: Client, moderator: Member) -> None:
    report = Report.objects.make(None, gathering=make_gathering(), words=CANARY)
    assert "There is nobody to choose from" in client.get(f"/moderation/{report.key}/remove/").content.decode()


def test_the_log_says_whom_an_act_met_and_names_no_guest_whose_name_was_not_read(
    client: Client, report: Report, gathering: Gathering
) -> None:
    host = gathering.host.name
    guest = make_seat(gathering, make_member("Quincy")).member
    assert do(client, report, "warn", whom=gathering.host.key, words="Please let people go.") == 302
    assert do(client, report, "reveal-guests") == 200
    assert do(client, report, "ban", whom=guest.key) == 302
    page = client.get(f"/moderation/{report.key}/").content.decode()
    assert f"Wrote to them: {host}" in page
    assert "Banned: a guest" in page
    assert "Quincy" not in page


def test_nothing_is_written_to_somebody_who_has_left_no_address(client: Client, moderator: Member) -> None:
    report = Report.objects.make(None, words=CANARY)
    assert 'name="answer"' not in client.get(f"/moderation/{report.key}/decide/").content.decode()
    assert do(client, report, "decide", outcome="looked", answer="Unread.") == 302
    report.refresh_from_db()
    assert report.is_decided
    assert not report.answer


def test_every_act_stands_in_the_log_in_words(
    client: Client, report: Report, reporter: Member, gathering: Gathering, pictures: Path
) -> None:
    """Each act that there is, done once; none stands there by the name that it has in the database."""
    host, guest = gathering.host, make_seat(gathering, make_member("Quincy")).member
    give_picture(host)
    Report.objects.filter(pk=report.pk).update(about=guest)
    for act in ["remove", *(act for act in EVERY if act not in ("remove", "call-off")), "show", "call-off"]:
        kept = KeepApart.objects.first()
        said = {"other": reporter.key, "words": "x", "outcome": "acted", "until": in_days(9)}
        said |= {"whom": (guest if act == "remove" else host).key, "has_asked": "on"}
        said |= {"pair": f"{kept.first.key}-{kept.second.key}" if kept else ""}
        if act == "show":  # the host's suspension has called it off
            Gathering.objects.update(state=Gathering.State.PUBLISHED, cancelled_at=None)
        assert do(client, report, act, **said) in (200, 302), act
    assert {act.partition(" until")[0].partition(":")[0] for act, _about in log()} == {
        "note", "ask", "reveal address", "reveal guests", "reveal who saw the address", "hide", "show again", "warn",
        "remove", "remove picture", "keep apart", "let meet again", "call off", "suspend", "ban", "let back", "answer",
    }  # fmt: skip
    shown = client.get(f"/moderation/{report.key}/").content.decode().partition('id="log"')[2]
    assert "Answered: We have done something about it" in shown
    assert "Suspended until" in shown
    assert not [act for act, _about in log() if f"<strong>{act}" in shown]
    assert shown.count("<li><p><strong>") == LogEntry.objects.count() == len(EVERY) + 1
