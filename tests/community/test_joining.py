"""Who may join: anyone, whoever is invited, or whoever a keeper says yes to."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.gatherings.models import Gathering, KeptWish
from apps.outbox.models import Message
from apps.outbox.tasks import send
from apps.profiles import sign_in as signing_in
from apps.profiles.models import HouseRules, JoinInvitation, Member
from tests.community.rules import (
    ADA,
    BY_INVITATION,
    CODE,
    INTRODUCE,
    LOGIN,
    WAITING,
    browser_of,
    code_to,
    kinds_to,
    make_keeper,
    seen,
    settle,
    sign_in,
)
from tests.factories import html_of, make_gathering, make_member, make_seat
from tests.odd import Page, all_rows, assert_refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def sam(db: None) -> Member:
    return make_keeper()


@pytest.fixture
def keeper(sam: Member) -> Client:
    return browser_of(sam)


def ada() -> Member:
    return Member.objects.get(email="ada@example.org")


def is_in(client: Client) -> bool:
    return client.get("/table/").status_code == 200


def newest_to(email: str) -> Any:
    send()
    return [each for each in mail.outbox if each.to == [email]][-1]


# A keeper says yes


def test_whoever_asks_waits_and_is_let_in_by_a_keepers_yes(client: Client, keeper: Client, sam: Member) -> None:
    settle(who_may_join="asked", answered_by="Sam", answered_within="a day")
    page = client.get(sign_in(client)["Location"], follow=True)
    assert page.redirect_chain[-1][0] == WAITING
    assert "We have your wish to join" in page.content.decode()
    assert "Sam read it and answer you by mail." in page.content.decode()
    assert ada().is_waiting
    assert kinds_to(sam) == ["joining_asked"]
    assert "Ada would like to join" in newest_to(sam.email).subject
    assert "ada@example.org" in keeper.get("/keeper/waiting/").content.decode()
    keeper.post(f"/keeper/waiting/{ada().key}/", {"act": "yes"})
    assert not ada().is_waiting
    assert "you are in" in newest_to("ada@example.org").body
    assert is_in(client)
    assert "Nobody waits." in keeper.get("/keeper/waiting/").content.decode()


def test_seven_days_count_from_the_yes(client: Client, keeper: Client) -> None:
    settle(who_may_join="asked")
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        sign_in(client)
    keeper.post(f"/keeper/waiting/{ada().key}/", {"act": "yes"})
    assert timezone.now() - ada().joined_at < timedelta(minutes=1)


def test_a_no_is_told_kindly_and_nothing_of_them_is_kept(client: Client, keeper: Client) -> None:
    settle(who_may_join="asked")
    client.post(f"{make_gathering().get_absolute_url()}rsvp/")
    sign_in(client)
    keeper.post(f"/keeper/waiting/{ada().key}/", {"act": "no"})
    assert not Member.objects.filter(email="ada@example.org").exists()
    told = newest_to("ada@example.org")
    assert kinds_to("ada@example.org") == ["sign_in_code", "not_now"]
    assert "that says nothing about you" in told.body
    assert "that says nothing about you" in html_of(told)
    assert not KeptWish.objects.exists()
    assert client.get("/table/")["Location"].startswith(LOGIN)
    assert sign_in(client)["Location"] == "/table/"  # they may ask again
    assert ada().is_waiting


def test_a_second_answer_changes_nothing(client: Client, keeper: Client) -> None:
    settle(who_may_join="asked")
    sign_in(client)
    url = f"/keeper/waiting/{ada().key}/"
    keeper.post(url, {"act": "nonsense"})
    assert ada().is_waiting
    keeper.post(url, {"act": "yes"})
    for act in ("yes", "no"):
        assert keeper.post(url, {"act": act}).status_code == 404
    assert kinds_to(ada()).count("welcome") == 1


def test_two_keepers_who_answer_at_once_give_one_answer(client: Client, sam: Member) -> None:
    from apps.community import joining

    settle(who_may_join="asked")
    sign_in(client)
    one, other = ada(), ada()
    joining.say_yes(one)
    joining.say_yes(other)
    joining.say_no(other)
    assert (ada().is_waiting, kinds_to(ada()), kinds_to("ada@example.org")) == (False, ["welcome"], ["sign_in_code"])


def test_keepers_are_told_once_however_often_somebody_looks_whether_they_are_in(client: Client, sam: Member) -> None:
    settle(who_may_join="asked")
    for _ in range(3):
        sign_in(Client())
    assert kinds_to(sam) == ["joining_asked"]


def test_a_wish_to_join_can_be_taken_back(client: Client, sam: Member) -> None:
    settle(who_may_join="asked")
    sign_in(client)
    assert client.post(WAITING)["Location"] == LOGIN
    assert not Member.objects.filter(email="ada@example.org").exists()
    send()
    assert [each.to for each in mail.outbox] == [["ada@example.org"]]  # the code; the keeper has nothing to answer


def test_whoever_was_let_in_a_moment_ago_is_not_deleted_by_taking_the_wish_back(client: Client, sam: Member) -> None:
    settle(who_may_join="asked")
    sign_in(client)
    stale = ada()
    ada().welcome()
    stale.take_wish_back()
    assert ada().is_waiting is False


# The wish to sit


def test_the_wish_to_sit_is_kept_while_joining_waits_and_granted_by_the_yes(
    client: Client, keeper: Client, gathering: Gathering
) -> None:
    settle(who_may_join="asked")
    client.post(f"{gathering.get_absolute_url()}rsvp/")
    page = client.get(sign_in(client)["Location"], follow=True).content.decode()
    assert f"Your wish for a seat at “{gathering.title}” is kept." in page
    assert not gathering.rsvps.exists()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        keeper.post(f"/keeper/waiting/{ada().key}/", {"act": "yes"})
    assert gathering.rsvps.seated().get().member == ada()
    assert kinds_to(ada()) == ["welcome", "seat_confirmed"]
    assert not KeptWish.objects.exists()


@pytest.mark.parametrize("what", ["full", "over", "called off", "hidden"])
def test_a_kept_wish_that_cannot_be_granted_any_more_harms_nothing(client: Client, keeper: Client, what: str) -> None:
    settle(who_may_join="asked")
    gathering = make_gathering(seats=1)
    client.post(f"{gathering.get_absolute_url()}rsvp/")
    sign_in(client)
    if what == "full":
        make_seat(gathering)
    elif what == "called off":
        gathering.cancel("")
    elif what == "hidden":
        Gathering.objects.update(visibility="link")
    days = 9 if what == "over" else 0
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        keeper.post(f"/keeper/waiting/{ada().key}/", {"act": "yes"})
    assert not ada().is_waiting
    states = [rsvp.state for rsvp in ada().rsvps.all()]
    assert states == (["waitlisted"] if what == "full" else [])


def test_a_wish_that_came_by_a_link_is_granted_by_it(client: Client, keeper: Client) -> None:
    settle(who_may_join="asked")
    gathering = make_gathering(visibility=Gathering.Visibility.LINK)
    gathering.make_link()
    client.post(f"{gathering.get_absolute_url()}rsvp/", {"link": gathering.link})
    sign_in(client)
    keeper.post(f"/keeper/waiting/{ada().key}/", {"act": "yes"})
    assert gathering.rsvps.seated().get().member == ada()


def test_a_wish_survives_an_invitation(client: Client, gathering: Gathering, keeper: Client) -> None:
    settle(who_may_join="invited")
    client.post(f"{gathering.get_absolute_url()}rsvp/")
    assert sign_in(client)["Location"] == BY_INVITATION
    keeper.post("/invite/", {"emails": "ada@example.org"})
    sign_in(client)
    assert gathering.rsvps.seated().get().member == ada()


# By invitation


def test_whom_nobody_has_invited_is_told_so_once_their_address_is_proved(client: Client) -> None:
    settle(who_may_join="invited")
    before = Member.objects.count()
    client.post(LOGIN, ADA)
    answer = client.post(CODE, {"code": code_to("ada@example.org")})
    assert answer["Location"] == BY_INVITATION
    assert "This community is by invitation" in client.get(BY_INVITATION).content.decode()
    assert Member.objects.count() == before
    assert client.get(CODE)["Location"] == LOGIN  # the code is spent
    assert client.post(INTRODUCE, {"name": "Ada", "promise": "on"})["Location"] == LOGIN


@pytest.mark.parametrize("who", ["anyone", "asked"])
def test_where_nobody_has_to_be_invited_the_page_that_says_so_leads_to_signing_in(client: Client, who: str) -> None:
    settle(who_may_join=who)
    assert client.get(BY_INVITATION)["Location"] == LOGIN


def test_whoever_is_invited_joins_at_once_with_that_address_and_no_other(client: Client, keeper: Client) -> None:
    for join in ("invited", "asked"):
        settle(who_may_join=join)
        keeper.post("/invite/", {"emails": f"Ada.{join}@Example.org"})
        assert "invites you" in newest_to(f"ada.{join}@example.org").subject
        assert kinds_to(f"ada.{join}@example.org") == ["joining_invited"]
        sign_in(client, email=f"ada.{join}@example.org")
        assert is_in(client)
        client = Client()
        sign_in(client, email="ben@example.org")
        assert not is_in(client)


def test_an_invitation_ends_after_a_month_by_being_withdrawn_and_with_its_inviter(
    client: Client, keeper: Client, sam: Member
) -> None:
    settle(who_may_join="invited")
    keeper.post("/invite/", {"emails": "ada@example.org"})
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert sign_in(Client())["Location"] == BY_INVITATION
    assert "ada@example.org" in keeper.get("/invite/").content.decode()
    keeper.post("/invite/withdraw/", {"email": "ada@example.org"})
    assert "ada@example.org" not in keeper.get("/invite/").content.decode()
    assert sign_in(Client())["Location"] == BY_INVITATION
    keeper.post("/invite/", {"emails": "ada@example.org"})
    Member.objects.filter(pk=sam.pk).update(is_active=False)
    assert sign_in(Client())["Location"] == BY_INVITATION
    Member.objects.filter(pk=sam.pk).update(is_active=True)
    assert sign_in(client)["Location"] == "/table/"


def test_nobody_withdraws_what_another_has_sent(keeper: Client, signed_in: Client) -> None:
    settle(members_invite=True)
    keeper.post("/invite/", {"emails": "ada@example.org"})
    assert "ada@example.org" not in signed_in.get("/invite/").content.decode()
    signed_in.post("/invite/withdraw/", {"email": "ada@example.org"})
    assert JoinInvitation.objects.live().count() == 1


def test_settings_lead_to_inviting_where_members_may(signed_in: Client) -> None:
    for may in (False, True):
        settle(members_invite=may)
        assert ('href="/invite/"' in signed_in.get("/settings/").content.decode()) == may


def test_members_invite_where_the_keeper_lets_them_and_no_longer_when_not(signed_in: Client, client: Client) -> None:
    settle(who_may_join="invited")
    for method in ("get", "post"):
        assert getattr(signed_in, method)("/invite/", {"emails": "ada@example.org"}).status_code == 404
    settle(members_invite=True)
    signed_in.post("/invite/", {"emails": "ada@example.org"})
    page = signed_in.get("/invite/").content.decode()
    assert "By link" not in page  # that is the keeper's
    assert signed_in.post("/invite/link/", {"act": "new"}).status_code == 404
    settle(members_invite=False)
    assert sign_in(Client())["Location"] == BY_INVITATION
    settle(members_invite=True)
    assert sign_in(Client())["Location"] == "/table/"


def test_whoever_is_invited_to_a_table_may_join_where_its_host_may_invite(member: Member, gathering: Gathering) -> None:
    settle(who_may_join="invited", who_may_look="members")
    host = Client()
    host.force_login(gathering.host)
    host.post(f"/gatherings/{gathering.key}/invite/", {"emails": "ada@example.org"})
    assert not JoinInvitation.objects.exists()
    settle(members_invite=True)
    host.post(f"/gatherings/{gathering.key}/invite/", {"emails": "ben@example.org"})
    client = Client()
    url = gathering.get_absolute_url()
    assert client.get(url)["Location"] == f"{LOGIN}?next={url}"
    assert sign_in(client, email="ben@example.org", next=url)["Location"] == url
    assert client.get(url).status_code == 200


def test_members_and_strangers_are_invited_alike_and_members_are_not_written_to(keeper: Client) -> None:
    known = make_member(email="known@example.org")
    answers, pages = [], []
    for email in ("known@example.org", "stranger@example.org"):
        answers.append(seen(keeper.post("/invite/", {"emails": email})))
        pages.append(keeper.get("/invite/").content.decode().count(email))
    assert answers[0] == answers[1]
    assert pages[0] == pages[1]
    sign_in(Client(), email="stranger@example.org")  # that they have joined shows nowhere
    page = keeper.get("/invite/").content.decode()
    assert page.count("known@example.org") == page.count("stranger@example.org")
    send()
    assert [each.to for each in mail.outbox if "invites you" in each.subject] == [["stranger@example.org"]]
    assert kinds_to(known) == []


def test_an_address_is_written_to_once_however_often_it_is_invited(keeper: Client) -> None:
    for _ in range(2):
        keeper.post("/invite/", {"emails": "ada@example.org\nada@example.org"})
        keeper.post("/invite/withdraw/", {"email": "ada@example.org"})
    keeper.post("/invite/", {"emails": "ada@example.org"})
    send()
    assert len(mail.outbox) == 1
    assert JoinInvitation.objects.live().count() == 1


def test_what_was_withdrawn_before_it_was_sent_is_not_sent(keeper: Client) -> None:
    keeper.post("/invite/", {"emails": "ada@example.org"})
    keeper.post("/invite/withdraw/", {"email": "ada@example.org"})
    send()
    assert mail.outbox == []


def test_more_than_ten_a_day_are_refused_beside_the_field_and_all_kept(signed_in: Client) -> None:
    settle(members_invite=True)
    typed = "\n".join(f"a{n}@example.org" for n in range(11))
    assert_refused(signed_in.post("/invite/", {"emails": typed}), "emails", "We do not write to so many", typed)
    assert not JoinInvitation.objects.exists()
    assert signed_in.post("/invite/", {"emails": typed.rsplit("\n", 1)[0]}).status_code == 302
    assert_refused(signed_in.post("/invite/", {"emails": "b@example.org"}), "emails", "they are used up")
    assert_refused(signed_in.post("/invite/", {"emails": "nonsense"}), "emails", "is not an address")


# By the link


def link_of(keeper: Client) -> str:
    keeper.post("/invite/link/", {"act": "new"})
    return "/" + Page.of(keeper.get("/invite/")).attributes[""]["value"].split("/", 3)[3]


def test_whoever_has_the_link_joins_while_it_stands(keeper: Client, client: Client) -> None:
    settle(who_may_join="invited", who_may_look="members")
    link = link_of(keeper)
    before = all_rows()
    for _ in range(2):
        assert "You are invited" in client.get(link).content.decode()
    assert all_rows() == before
    assert client.post(link)["Location"] == LOGIN
    assert sign_in(client)["Location"] == "/table/"
    assert is_in(client)


@pytest.mark.parametrize("how", ["ended", "new", "old", "cut", "forged", "another purpose"])
def test_a_link_that_does_not_stand_lets_nobody_in(keeper: Client, client: Client, how: str) -> None:
    settle(who_may_join="invited")
    link, later = link_of(keeper), timedelta(days=31 if how == "old" else 0)
    begun = Client()
    begun.post(link)
    if how in ("ended", "new"):
        keeper.post("/invite/link/", {"act": "end" if how == "ended" else "new"})
    elif how == "cut":
        link = link[:-3] + "/"
    elif how == "forged":
        link = f"/join/{HouseRules.objects.get().join_link}/"  # whoever reads the database has no link
    elif how == "another purpose":
        from django.core import signing

        link = f"/join/{signing.dumps(HouseRules.objects.get().join_link, salt='mail link')}/"
    with time_machine.travel(timezone.now() + later):
        for method in (client.get, client.post):
            assert method(link).status_code == 404
        if how in ("ended", "new", "old"):  # also for who opened it while it stood
            assert sign_in(begun)["Location"] == BY_INVITATION


def test_the_link_is_a_keepers_alone(signed_in: Client) -> None:
    settle(members_invite=True)
    assert signed_in.post("/invite/link/", {"act": "new"}).status_code == 404
    assert not HouseRules.objects.get().join_link


# Nothing tells who has an account


@pytest.mark.parametrize("look", ["everyone", "members"])
@pytest.mark.parametrize("join", HouseRules.Join.values)
def test_known_invited_waiting_and_unknown_addresses_get_the_same_bytes(look: str, join: str, sam: Member) -> None:
    settle(who_may_look=look, who_may_join=join)
    make_member(email="known@example.org")
    make_member(email="waits@example.org", is_waiting=True)
    JoinInvitation.objects.invite(sam, "invited@example.org")
    found = set()
    for email in ("known@example.org", "waits@example.org", "invited@example.org", "new@example.org"):
        client = Client()
        first = client.post(LOGIN, {**ADA, "email": email})
        second = client.get(CODE)
        wrong = client.post(CODE, {"code": "WRONG"})
        again = client.post(CODE, {"action": "resend"})
        found.add(repr([seen(each) for each in (first, second, wrong, again)]).replace(email, "X"))
    assert len(found) == 1
    assert Message.objects.filter(kind="sign_in_code").count() == 8


def test_control_an_answer_that_asks_first_who_may_join_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it would be like if the form itself turned strangers away."""
    settle(who_may_join="invited")
    make_member(email="known@example.org")
    begin = signing_in.SignInProcess.begin.__func__  # type: ignore[attr-defined]  # of a classmethod

    def hasty(cls: Any, request: Any, email: str, newcomer: Any) -> None:
        if Member.objects.with_email(email):
            begin(cls, request, email, newcomer)

    monkeypatch.setattr(signing_in.SignInProcess, "begin", classmethod(hasty))
    found = set()
    for email in ("known@example.org", "new@example.org"):
        client = Client()
        client.post(LOGIN, {**ADA, "email": email})
        found.add(repr(seen(client.get(CODE))).replace(email, "X"))
    assert len(found) == 2
