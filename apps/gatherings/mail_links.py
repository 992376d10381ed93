"""What mails of this app link to; each module registers its own purposes."""

from apps.gatherings import asking_links, door_links, inviting_links, rsvp_links, series_links  # noqa: F401  each registers what it answers
