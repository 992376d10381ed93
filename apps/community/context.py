from functools import partial

from django.conf import settings
from django.http import HttpRequest

from apps.profiles.door import is_outside
from apps.profiles.house_rules import rules_of


def community(request: HttpRequest) -> dict[str, object]:
    """What every page says of the community."""
    return {
        "community_name": settings.COMMUNITY_NAME,
        "community_email": settings.COMMUNITY_EMAIL,
        "house": partial(rules_of, request),  # asked for only by pages that say something of it
        "is_outside": partial(is_outside, request),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "languages": settings.LANGUAGES,
        "has_mailbox": settings.DEBUG,
    }
