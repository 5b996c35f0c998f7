"""Django's sessions in the database, looked up by words that are not put together each time."""

from typing import Any, Final

from django.contrib.sessions.backends import db
from django.db import connection

from milieu.kernel import clock

FIND: Final = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Named in ``settings.SESSION_ENGINE``. Every request asks; nothing is remembered of it."""

    def load(self) -> dict[str, Any]:
        """Return what this session holds: nothing, once it was ended or is too old."""
        now = connection.ops.adapt_datetimefield_value(clock.now())
        with connection.cursor() as cursor:
            cursor.execute(FIND, [self.session_key, now])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0])
        return held
