"""A world with a row for everything that somebody can write, and the addresses where it is read, by whom."""

from datetime import timedelta
from time import time

from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.afterwards.models import Felt, Reflection, Thanks, Tick
from apps.gatherings import parting
from apps.gatherings.details import ALL as DETAILS
from apps.gatherings.models import CoHost, Companion, Gathering, Invitation, Plan, Question, Rsvp, Series
from apps.gatherings.models.note import Note
from apps.meals.models import TableRequest, ToldDiet
from apps.moderation.acts import ACTS
from apps.moderation.models import Report, Suspension
from apps.movies.models import Film, Showing
from apps.outbox.models import Consent, Message, Suppression
from apps.profiles.models import Diet, HouseRules, JoinInvitation, Member, Needs, ProfileAnswer
from apps.profiles.proving import INACTIVE
from apps.safety.models import LogEntry
from tests.factories import make_gathering, make_member, make_seat
from tests.test_gates import ADMIN_TABLES, TABLE, World, expected

WORDS = "As somebody put it"
ALIKE_FOR_MEMBERS = ("gatherings:", "meals:", "moderation:", "movies:", "places:")
AS_MEMBERS = ("other host", "keeper", "moderator")


def lay(world: World) -> list[tuple[str, str]]:
    """Lay what the world of the gates lacks. Gives every page that there is: its reader and its path."""
    members = world.members
    lay_a_table(world.gatherings["open"], members)
    lay_a_morning_after(world.gatherings["past"], members)
    lay_reports(members["guest"], world.gatherings["open"], members["moderator"])
    lay_a_community(members["keeper"], members["guest"])
    pages = [(reader, world.url(name, of)) for name, of, gets, _posts in TABLE for reader in readers_of(name, gets)]
    pages += [(reader, path) for path in lay_more_tables(members) for reader in ("stranger", "guest", "host")]
    kinds = sorted({detail.kind for detail in DETAILS})
    pages += [("host", reverse("gatherings:host_kind", args=[kind])) for kind in kinds]
    pages += [("moderator", reverse("moderation:one", args=[key])) for key in reports()]
    pages += [("moderator", reverse("moderation:act", args=[reports()[0], act])) for act in ACTS]
    pages += lay_a_suspension(world)
    return list(dict.fromkeys([*pages, *(("keeper", path) for path in paths_of_the_admin())]))


def readers_of(name: str, gets: str) -> list[str]:
    """Who is given a page there; of those who are as any member there, the member."""
    given = [reader for reader, answer in expected(gets).items() if answer == "200"]
    if name.startswith(ALIKE_FOR_MEMBERS) and "member" in given:
        given = [reader for reader in given if reader not in AS_MEMBERS]
    return given


def reports() -> list[str]:
    return list(Report.objects.order_by("pk").values_list("key", flat=True))


def lay_a_table(gathering: Gathering, members: dict[str, Member]) -> None:
    """The guest's: with all that a guest and a host can say of it."""
    host, guest, other = (members[name] for name in ("host", "guest", "other host"))
    Gathering.objects.filter(pk=gathering.pk).update(
        most_companions=3, met_from=gathering.starts, address_from="now", is_larger=True, seats_wanted=12, seats=12
    )
    seat = Rsvp.objects.get(gathering=gathering, member=guest)
    Companion.objects.bulk_create(
        Companion(rsvp=seat, name=WORDS, needs=WORDS, is_child=child) for child in (False, True)
    )
    ToldDiet.objects.tell(seat, {None: {"to": "table", "words": WORDS}})
    Diet.objects.keep(guest, "yes", words=WORDS)
    Needs.objects.keep(guest, WORDS, "yes")
    ProfileAnswer.objects.keep(guest, [("arriving", WORDS), ("ask-me", WORDS)])
    TableRequest.objects.ask(gathering, WORDS)
    Plan.objects.create(rsvp=seat, sets_off=gathering.starts, sets_off_by="bike", if_nervous=WORDS)
    CoHost.invite(gathering, "asked@elsewhere.example")
    CoHost.invite(gathering, other.email)
    gathering.co_hosts.get(email=other.email).accept(other)
    Invitation.objects.create(gathering=gathering, inviter=host, email="friend@elsewhere.example")
    Question.objects.ask(gathering, guest, WORDS).reply(host, WORDS)
    Question.objects.ask(gathering, guest, fact="is_step_free")
    Note.objects.send(gathering, host, WORDS)
    parting.block(guest, make_member("Iris"))


def lay_more_tables(members: dict[str, Member]) -> list[str]:
    """In each state that a page of a gathering knows; with the acts that are only then."""
    host, guest = members["host"], members["guest"]
    full, asked, called_off, declined = (make_gathering(host=host, seats=1 + more) for more in (0, 3, 3, 3))
    Gathering.objects.filter(pk=asked.pk).update(asks_first=True)
    asked.refresh_from_db()
    make_seat(full)
    for gathering in (full, asked, called_off, declined):
        make_seat(gathering, guest)
    declined.rsvps.get(member=guest).decline(WORDS)
    called_off.cancel(WORDS)
    weekly, by_link = make_gathering(host=host), make_gathering(host=host, visibility=Gathering.Visibility.LINK)
    Series.begin(weekly, "weekly").join(guest)
    by_link.make_link()
    soon = make_gathering(timezone.now() + timedelta(hours=4), host=host)
    make_seat(soon, guest)
    shown = make_gathering(host=host, kind="movie-night")
    make_seat(shown, guest)
    said = {"language": WORDS, "captions": "subtitles", "captions_language": WORDS, "content_words": WORDS}
    Film.objects.filter(gathering__host=host).update(why=WORDS, **said)
    Showing.objects.show(Film.objects.add(shown, title=WORDS, minutes=90, why=WORDS, **said))
    pages = {"detail": [full, asked, called_off, declined, weekly, by_link, soon, shown], "your_seat": [full, asked]}
    pages |= {"series": [weekly], "series_leave": [weekly], "edit": [weekly], "cancel": [weekly], "late": [soon]}
    pages |= {"guests": [full, asked], "invite": [by_link], "leave": [full, asked]}
    return [reverse(f"gatherings:{name}", args=[each.key]) for name, them in pages.items() for each in them]


def lay_a_morning_after(gathering: Gathering, members: dict[str, Member]) -> None:
    """With what the guest wrote for themself, whom they ticked alone, and the host, who ticked them."""
    host, guest, other = members["host"], members["guest"], make_member("Wren")
    Rsvp.objects.create(gathering=gathering, member=other, state=Rsvp.State.SEATED)
    Reflection.objects.keep(guest, gathering, Felt.AMONG, WORDS)
    for one, ticked in ((host, [guest]), (guest, [host, other])):
        keys = [member.pk for member in ticked]
        Tick.objects.keep(one, gathering, keys, keys, WORDS)
    Thanks.objects.send(gathering, other, guest, WORDS)


def lay_reports(guest: Member, gathering: Gathering, moderator: Member) -> None:
    Report.objects.make(None, email="passer@elsewhere.example", where=WORDS, words=WORDS)
    Report.objects.make(guest, gathering=gathering, words=WORDS).decide(Report.Outcome.HELPED, WORDS)
    for key in reports():
        LogEntry.objects.add(moderator, "warn", f"report {key}", WORDS)


def lay_a_suspension(world: World) -> list[tuple[str, str]]:
    """And the browser of whoever it is about, who has just typed the code."""
    suspended, visitor = make_member("Wren"), Client()
    Suspension.objects.impose(suspended, None, WORDS)
    session = visitor.session
    session[INACTIVE] = {"member": suspended.pk, "at": time()}
    session.save()
    world.readers["suspended"] = visitor
    return [("suspended", reverse("account_inactive"))]


def lay_a_community(keeper: Member, member: Member) -> None:
    HouseRules.objects.now().change(
        answered_by=WORDS, answered_within=WORDS, crisis_line=WORDS, promise_additions=WORDS, members_invite=True
    )
    JoinInvitation.objects.invite(keeper, "newcomer@elsewhere.example")
    make_member("Kim", is_waiting=True)
    Suppression.objects.create(address="gone@elsewhere.example", reason=Suppression.Reason.values[0])
    Consent.objects.say(member, "weekly_digest", True)
    EmailAddress.objects.create(user=member, email="guest@elsewhere.example")
    Group.objects.create(name=WORDS)
    Message.objects.put("welcome", "newcomer@elsewhere.example")
    said = {"object_id": member.pk, "object_repr": WORDS, "action_flag": CHANGE, "change_message": "[]"}
    AdminEntry.objects.create(user=keeper, content_type=ContentType.objects.get_for_model(Member), **said)


def paths_of_the_admin() -> list[str]:
    found = [reverse("admin:index")]
    for table in sorted(ADMIN_TABLES):
        row = first_of(table)
        pages: dict[str, list[int]] = {"changelist": [], "change": [row], "history": [row], "delete": [row]}
        found += [reverse(f"admin:{table}_{page}", args=args) for page, args in pages.items()]
    return found


def first_of(table: str) -> int:
    models = [each.model_class() for each in ContentType.objects.all()]
    [model] = [model for model in models if model and model._meta.label_lower.replace(".", "_") == table]
    return int(model._base_manager.order_by("pk").values_list("pk", flat=True)[0])
