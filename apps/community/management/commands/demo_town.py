from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.community.demo.people import GUEST, HOST, KEEPER, MODERATOR
from apps.community.demo.town import AddressTaken, build
from apps.places.models import Town

FEWEST_MEMBERS, MOST_MEMBERS = 6, 1_000
FEWEST_GATHERINGS, MOST_GATHERINGS = 10, 2_000


class Command(BaseCommand):
    help = "Makes a demo town: people, homes and four weeks of gatherings. Sends no mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--town", default=settings.HOME_TOWN or "Bristol", help="any town of the gazetteer")
        parser.add_argument("--members", type=int, default=40)
        parser.add_argument("--gatherings", type=int, default=60)
        parser.add_argument("--seed", type=int, default=1, help="another number makes another town")
        parser.add_argument("--yes-really", action="store_true", help="even where real people may be")

    def handle(self, *, town: str, members: int, gatherings: int, seed: int, yes_really: bool, **options: Any) -> None:
        if not (settings.DEBUG or yes_really):
            raise CommandError(
                "This puts made-up people among the members, and real people may be here. "
                "If that is what you want, say --yes-really."
            )
        check("members", members, FEWEST_MEMBERS, MOST_MEMBERS)
        check("gatherings", gatherings, FEWEST_GATHERINGS, MOST_GATHERINGS)
        place = found(town)
        try:
            is_new = build(place, members, gatherings, seed)
        except AddressTaken as taken:
            raise CommandError(
                f"A member here signs in as {taken}, which a demo town needs itself. Nothing was changed."
            ) from taken
        self.stdout.write(
            f"{place.label} has {members:,} members and {gatherings:,} gatherings. "
            f"Sign in as {GUEST}, {HOST}, {KEEPER} or {MODERATOR}."
            if is_new
            else "There is a demo town here already, so nothing was changed."
        )


def check(what: str, number: int, fewest: int, most: int) -> None:
    if not fewest <= number <= most:
        raise CommandError(f"A demo town has between {fewest:,} and {most:,} {what}; {number:,} is not among them.")


def found(text: str) -> Town:
    """By its name, or by its address as HOME_TOWN gives it. Raises CommandError."""
    town = Town.objects.filter(slug=text).first() or Town.objects.best_match(text)
    if town is None:
        raise CommandError(
            f"The gazetteer has no town called “{text[:60]}”. Is it spelt so, and has `manage.py load_towns` been run?"
        )
    return town
