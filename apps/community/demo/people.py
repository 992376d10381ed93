"""Who lives in a demo town: first names of many origins, pronouns and a few sentences in people's own words."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from apps.community.demo.ideas.sayings import LANGUAGES, SAYINGS
from apps.community.demo.keys import key_from
from apps.places.folding import folded
from apps.places.models import Town
from apps.profiles.models import Member, ProfileAnswer
from apps.profiles.own_page import MOST_ANSWERS

GUEST, HOST, KEEPER = "guest@example.org", "host@example.org", "keeper@example.org"
MODERATOR = "moderator@example.org"
SIGN_IN: list[dict[str, Any]] = [
    {"email": GUEST, "name": "Robin", "pronouns": ""},
    {"email": HOST, "name": "Mei", "pronouns": "they/them"},
    {"email": KEEPER, "name": "Sam", "pronouns": "any", "is_staff": True, "is_superuser": True},
    {"email": MODERATOR, "name": "Ida", "pronouns": "she/they", "is_moderator": True},
]
DOMAIN = "demo.example"  # reserved, so that no mail to it ever arrives

NAMES = """
Abena Adaeze Agnieszka Aiko Alejandra Amara Amir Anahí Anjali Ansel Aroha Asha Aylin Bahram Beatriz Bram
Chidi Chloé Ciarán Dara Dilnoza Dmitri Efua Eilidh Eleni Emeka Esra Farah Fatou Feng Gethin Goran Gwen Hana
Hassan Hiroshi Ibrahim Idris Imani Ines Iolo Ishaan Jamal Jelena Joost João Kai Kamala Kavita Keola Kofi
Laszlo Layla Leilani Linh Lucía Łukasz Maeve Malik Mariam Marisol Matteo Mihai Mirembe Nadia Nasrin Ngozi
Niamh Nguyệt Noor Oksana Olu Omar Paloma Pedro Priya Quinn Rafael Rania Rosa Rowan Sadia Samir Selam Sigrún
Siân Søren Suda Tadeo Tamar Tariq Temperance Tenzin Thandi Tomás Uche Valentina Wambui Wanjiru Xiomara Yael
Yara Yusuf Zainab Zanele Zoë
""".split()
PRONOUNS = [
    "", "", "", "", "they/them", "they/them", "she/her", "she/her", "he/him", "he/him", "she/they", "he/they",
    "any", "ze/hir", "xe/xem", "they, or just my name", "no pronouns, thank you",
    "ask me, I like being asked",
]  # fmt: skip


def people(town: Town, count: int, midnight: datetime, rng: Random) -> list[Member]:
    """The four to sign in as, then the others, all saved and with proved addresses.

    `midnight` is when today began in the town.
    """
    names = names_for(count - len(SIGN_IN), rng)
    others = [
        {"email": f"{slugify(folded(name))}.{n}@{DOMAIN}", "name": name, "pronouns": rng.choice(PRONOUNS)}
        for n, name in enumerate(names, 1)
    ]
    members = [resident(town, midnight, rng, **about) for about in [*SIGN_IN, *others]]
    Member.objects.bulk_create(members)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, verified=True, primary=True) for member in members
    )
    ProfileAnswer.objects.bulk_create(answer for member in members for answer in sayings(member))
    return members


def sayings(member: Member) -> list[ProfileAnswer]:
    """None of some, of nobody more than there is room for. Their die is their own, and moves nothing else in town."""
    rng = Random(f"{member.key} sayings")
    prompts = rng.sample(sorted(SAYINGS), rng.randint(0, MOST_ANSWERS))
    return [
        ProfileAnswer(member=member, place=place, prompt=prompt, words=rng.choice(SAYINGS[prompt]))
        for place, prompt in enumerate(prompts, start=1)
    ]


def names_for(count: int, rng: Random) -> list[str]:
    """Each name once before any comes again."""
    names: list[str] = []
    while len(names) < count:
        names += rng.sample(NAMES, min(len(NAMES), count - len(names)))
    return names


def resident(town: Town, midnight: datetime, rng: Random, **about: Any) -> Member:
    joined_at = midnight - timedelta(days=rng.randint(25, 300), minutes=rng.randint(60, 900))
    key = key_from(rng)
    member = Member(
        key=key,
        languages=Random(f"{key} languages").choice(LANGUAGES),
        town=town,
        time_zone=town.time_zone,
        joined_at=joined_at,
        promised_at=joined_at,
        **about,
    )
    member.set_unusable_password()
    return member
