from apps.gatherings.views.browsing import browse, near
from apps.gatherings.views.seats import accept, detail, leave, rsvp

__all__ = ["accept", "browse", "detail", "leave", "near", "rsvp"]
