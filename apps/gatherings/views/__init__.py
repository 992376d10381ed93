from apps.gatherings.views.browsing import browse, near
from apps.gatherings.views.seats import detail, leave, rsvp

__all__ = ["browse", "detail", "leave", "near", "rsvp"]
