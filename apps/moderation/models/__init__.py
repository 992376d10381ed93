from apps.moderation.models.report import Report, ReportQuerySet, met_at

__all__ = ["Report", "ReportQuerySet", "met_at"]
