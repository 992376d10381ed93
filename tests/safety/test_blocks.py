"""Blocks, and two kept apart, as rows: what the database itself does not let be, and whose names are read."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from apps.profiles.models import Member
from apps.safety.models import Block, KeepApart
from tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def other(db: None) -> Member:
    return make_member("Quin")


def test_a_block_is_there_once_and_never_of_oneself(member: Member, other: Member) -> None:
    Block.objects.create(blocker=member, blocked=other)
    Block.objects.create(blocker=other, blocked=member)  # each may have made one
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(blocker=member, blocked=other)
    with pytest.raises(IntegrityError, match="block_is_not_of_oneself"), transaction.atomic():
        Block.objects.create(blocker=member, blocked=member)


def test_two_kept_apart_are_one_row_whichever_is_named_first(member: Member, other: Member) -> None:
    assert KeepApart.objects.keep(other, member) == KeepApart.objects.keep(member, other)
    with pytest.raises(IntegrityError, match="keep_apart_lower_key_first"), transaction.atomic():
        KeepApart.objects.create(first=other, second=member)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeepApart.objects.create(first=member, second=member)


def test_whoever_blocks_and_whoever_is_blocked_do_not_see_one_another(member: Member, other: Member) -> None:
    third = make_member()
    Block.objects.create(blocker=member, blocked=other)
    assert set(Member.objects.visible_to(member)) == {member, third}
    assert set(Member.objects.visible_to(other)) == {other, third}
    assert set(Member.objects.visible_to(third)) == {member, other, third}
    assert not Member.objects.visible_to(AnonymousUser()).exists()
    assert Block.objects.keys_of_others(member) == {other.pk}
    assert Block.objects.keys_of_others(other) == {member.pk}


def test_whom_somebody_is_kept_apart_from(member: Member, other: Member) -> None:
    third = make_member()
    KeepApart.objects.keep(member, other)
    KeepApart.objects.keep(third, member)
    assert KeepApart.objects.others_of([member.pk])[member.pk] == {other.pk, third.pk}
    assert KeepApart.objects.others_of([make_member().pk]) == {}


def test_neither_says_in_a_log_who_it_is_about(member: Member, other: Member) -> None:
    rows = [Block.objects.create(blocker=member, blocked=other), KeepApart.objects.keep(member, other)]
    assert not any(member.name in str(row) or other.name in str(row) for row in rows)
