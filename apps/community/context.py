from django.conf import settings
from django.http import HttpRequest


def community(request: HttpRequest) -> dict[str, object]:
    """What every page says of the community."""
    return {
        "community_name": settings.COMMUNITY_NAME,
        "community_email": settings.COMMUNITY_EMAIL,
        "answered_by": settings.COMMUNITY_ANSWERED_BY,
        "answered_within": settings.COMMUNITY_ANSWERED_WITHIN,
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "languages": settings.LANGUAGES,
        "has_mailbox": settings.DEBUG,
    }
