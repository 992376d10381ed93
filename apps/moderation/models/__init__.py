from apps.moderation.models.report import Report, ReportQuerySet, met_at
from apps.moderation.models.suspension import Suspension
from apps.moderation.models.trusted_link import TrustedLink
from apps.moderation.models.word import Word

__all__ = ["Report", "ReportQuerySet", "Suspension", "TrustedLink", "Word", "met_at"]
