from apps.outbox.models.consent import Consent, choices_of, has_chosen_nudges
from apps.outbox.models.message import LEASE, Message, MessageQuerySet
from apps.outbox.models.suppression import Suppression

__all__ = ["LEASE", "Consent", "Message", "MessageQuerySet", "Suppression", "choices_of", "has_chosen_nudges"]
