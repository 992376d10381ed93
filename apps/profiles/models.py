from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.places.models import Town
from apps.profiles.house_rules import HouseRules
from apps.profiles.keys import new_key
from apps.profiles.own_diet import Diet
from apps.profiles.own_needs import Needs
from apps.profiles.own_page import LONGEST_LANGUAGES, ProfileAnswer
from apps.profiles.pictures import Picture
from apps.profiles.shut_out import ShutOut

__all__ = [
    "Diet",
    "HouseRules",
    "JoinInvitation",
    "Member",
    "MemberQuerySet",
    "Needs",
    "Picture",
    "ProfileAnswer",
    "ShutOut",
]
NUDGES_PAUSE = timedelta(days=30)
INVITATION_LASTS = timedelta(days=30)


class MemberQuerySet(models.QuerySet["Member"]):
    def were_here(self) -> int:
        """Remember the day (UTC) on which they last opened a page or answered a mail: a date, never a trail."""
        today = timezone.now().date()
        return self.exclude(last_seen_on=today).update(last_seen_on=today)

    def visible_to(self, viewer: Member | AnonymousUser) -> MemberQuerySet:
        """Whose names this viewer may read where they meet them: nobody's with whom there is a block, either way."""
        if not viewer.is_authenticated:
            return self.none()
        return self.exclude(blocks_made__blocked=viewer).exclude(blocks_met__blocker=viewer)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]  # django-stubs cannot follow from_queryset
    def with_email(self, email: str) -> Member | None:
        return self.filter(email=email.lower()).first()

    def hold(self, member: Member) -> None:
        """Let nobody else count what this member has done, until the transaction ends.

        It is the weaker lock, which lets others' rows go on naming the member. Gatherings are locked before, always.
        """
        self.select_for_update(of=("self",), no_key=True).get(pk=member.pk)

    def hold_all(self, keys: Iterable[int]) -> None:
        """The same of several: in one order, so that no two who hold some of the same wait for each other for ever."""
        list(self.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk").values_list("pk"))

    def join(self, email: str, name: str, town: Town | None = None, **more: Any) -> Member:
        """A new member who has proved this address and keeps the community's promise."""
        now = timezone.now()
        said = {"promised_at": now, "last_seen_on": now.date(), **more}
        member = Member(email=email.lower(), name=name, town=town, **said)
        if town:
            member.time_zone = town.time_zone
        member.set_unusable_password()
        member.save()
        return member

    def make_keeper(self, email: str, name: str = "") -> Member:
        """The member with this address, who joins if there is none, runs this community from now on."""
        keeper: dict[str, Any] = {"is_staff": True, "is_superuser": True, "is_waiting": False}
        member = self.with_email(email) or self.join(email, name or email.split("@")[0], **keeper)
        self.filter(pk=member.pk).update(**keeper)
        member.refresh_from_db()
        return member

    def create_superuser(self, email: str, name: str = "", **more: Any) -> Member:
        return self.join(email, name or email.split("@")[0], is_staff=True, is_superuser=True)


class Member(AbstractBaseUser, PermissionsMixin):
    """A person with an account. They sign in by a code or a passkey; the password stays unusable."""

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=60)
    pronouns = models.CharField(_("pronouns"), max_length=60, blank=True)
    languages = models.CharField(
        _("languages spoken"), max_length=LONGEST_LANGUAGES, blank=True, default="", db_default=""
    )
    town = models.ForeignKey(Town, models.SET_NULL, null=True, blank=True, verbose_name=_("town"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=12, default=settings.LANGUAGE_CODE)
    promised_at = models.DateTimeField(_("keeps the promise since"), null=True, blank=True)
    promise_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # see HouseRules
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    last_seen_on = models.DateField(null=True, blank=True, editable=False)
    welcomed_at = models.DateTimeField(null=True, blank=True, editable=False)  # or have said that they need none
    is_discreet = models.BooleanField(
        _("discreet mail"),
        default=False,
        db_default=False,
        help_text=_("A neutral sender and subject, and a neutral title in your calendar."),
    )
    nudges_paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_waiting = models.BooleanField(_("waits for a keeper to say yes"), default=False, db_default=False)
    is_staff = models.BooleanField(_("keeper"), default=False)
    is_moderator = models.BooleanField(
        _("moderator"),
        default=False,
        db_default=False,
        help_text=_("Reads reports, but none about themself. Needs a passkey."),
    )

    is_met = has_face = False  # whether who reads a page has met them and sees their picture; see gatherings/faces.py

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="member_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know to be theirs still, asked at every request: another round, and it ends."""
        known = f"{self.password}{self.session_round or ''}"
        return salted_hmac("apps.profiles.sessions", known, secret=secret, algorithm="sha256").hexdigest()

    def sign_out_everywhere(self) -> None:
        """End every session, in every browser, by its next request."""
        Member.objects.filter(pk=self.pk).update(session_round=F("session_round") + 1)
        self.refresh_from_db(fields=["session_round"])

    @property
    def is_keeper(self) -> bool:
        """Whether they run this community: its settings, who may join, the admin."""
        return self.is_active and self.is_staff and self.is_superuser

    @property
    def needs_passkey(self) -> bool:
        """Whether what they may open wants more than a code by mail."""
        return self.is_staff or self.is_moderator

    @property
    def has_paused_nudges(self) -> bool:
        return self.nudges_paused_until is not None and self.nudges_paused_until > timezone.now()

    @property
    def nudges_resume_local(self) -> datetime | None:
        """The moment on the clock of their own zone, for a page to show."""
        return self.nudges_paused_until and self.nudges_paused_until.astimezone(ZoneInfo(self.time_zone))

    def welcome(self) -> bool:
        """A keeper's yes: from now on they are a member. Says whether they were waiting for it; not so twice."""
        yes = {"is_waiting": False, "joined_at": timezone.now()}
        is_change = bool(Member.objects.filter(pk=self.pk, is_waiting=True).update(**yes))
        self.refresh_from_db()
        return is_change

    def take_wish_back(self) -> None:
        """They do not wait any more: nothing of them is kept. Whoever has been let in meanwhile stays a member."""
        Member.objects.filter(pk=self.pk, is_waiting=True).delete()

    def end_welcome(self) -> None:
        """The welcome after a first seat is offered no more. Twice changes nothing."""
        Member.objects.filter(pk=self.pk, welcomed_at=None).update(welcomed_at=timezone.now())
        self.refresh_from_db(fields=["welcomed_at"])

    def pause_nudges(self) -> None:
        self.nudges_paused_until = timezone.now() + NUDGES_PAUSE
        self.save(update_fields=["nudges_paused_until"])

    def resume_nudges(self) -> None:
        self.nudges_paused_until = None
        self.save(update_fields=["nudges_paused_until"])


class JoinInvitationQuerySet(models.QuerySet["JoinInvitation"]):
    def live(self) -> JoinInvitationQuerySet:
        """Those that let somebody in: not run out, and of a member who may still invite."""
        may_invite = models.Q(inviter__is_superuser=True) | models.Exists(
            HouseRules.objects.filter(members_invite=True)
        )
        return self.filter(may_invite, expires_at__gt=timezone.now(), inviter__is_active=True)

    def invite(self, inviter: Member, email: str) -> JoinInvitation:
        """Whoever has this address may join for a month from now. Inviting them again within it is the same one."""
        now = timezone.now()
        row, is_new = self.get_or_create(inviter=inviter, email=email, defaults={"expires_at": now + INVITATION_LASTS})
        if not is_new:
            row.at = row.at if row.at > now - INVITATION_LASTS else now
            row.expires_at = now + INVITATION_LASTS
            row.save(update_fields=["at", "expires_at"])
        return row


class JoinInvitation(models.Model):
    """That whoever has this address may join. Whether they have is kept nowhere: it would tell who is a member."""

    email = models.EmailField(_("e-mail"), max_length=254)
    inviter = models.ForeignKey(Member, models.CASCADE, related_name="invited_to_join")
    at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)

    objects = JoinInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to join")
        verbose_name_plural = _("invitations to join")
        constraints = [
            models.UniqueConstraint(fields=["email", "inviter"], name="join_invitation_once_per_email_and_inviter"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="join_invitation_email_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.at:%Y-%m-%d}"

    def withdraw(self) -> None:
        """It lets nobody in any more. The row stays for its month, so that nobody is written to twice by it."""
        self.expires_at = timezone.now()
        self.save(update_fields=["expires_at"])
