from apps.moderation.models.report import Report, ReportQuerySet, met_at
from apps.moderation.models.suspension import Suspension
from apps.moderation.models.word import Word

__all__ = ["Report", "ReportQuerySet", "Suspension", "Word", "met_at"]
