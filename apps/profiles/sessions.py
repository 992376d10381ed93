"""Sessions in the database, looked for only under such keys as we give."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold anything, also a NUL, with which Postgres would refuse to look."""
        return super()._validate_session_key(key) and key is not None and key.isascii() and key.isalnum()
