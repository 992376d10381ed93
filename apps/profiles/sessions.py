"""Sessions in the database, looked for only under such keys as we give."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold anything, also a NUL, with which Postgres would refuse to look."""
        is_long_enough = super()._validate_session_key(key)  # type: ignore[misc]  # unknown to django-stubs
        return bool(is_long_enough and key and key.isascii() and key.isalnum())
