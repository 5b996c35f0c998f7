"""Raising an alert, and answering it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milieu.alerts.models import Acknowledgement, Alert, Waiting
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.access import require
from milieu.people.models import Person
from milieu.people.rules import Action

NAMESPACE = UUID("6a3c5c4e-6a0e-5d0a-9d53-2b8a7a3a6a10")  # of alert ids; made once, never changed


def alert_id(kind: str, source: UUID) -> UUID:
    """Return the id of the alert of this kind that ``source`` raises: the same each time."""
    return uuid5(NAMESPACE, f"{kind}:{source}")


def raise_alerts(alerts: Sequence[Alert]) -> None:
    """Store alerts in the transaction of their cause. One that is there already stays as it was."""
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    ids = [alert.pk for alert in alerts]
    answered = set(Acknowledgement.objects.filter(alert__in=ids).values_list("alert_id", flat=True))
    Waiting.objects.bulk_create(
        [Waiting(alert_id=each) for each in ids if each not in answered], ignore_conflicts=True
    )


@transaction.atomic
def acknowledge(alert_id: UUID, *, by: Person, words: str, at: datetime) -> Acknowledgement:
    """Answer an alert, saying what was done. The first answer stands.

    Raises:
        Refusal ``unknown-alert``: there is none, or not on a unit of this person.
        Refusal ``not-allowed``: a nurse answers.
        Refusal ``words-missing``, ``already-answered``.
    """
    alert = (
        Alert.objects.visible_to(by).select_related("stay__standing").filter(pk=alert_id).first()
    )
    if alert is None:
        raise Refusal("unknown-alert", _("This alert is not on your unit's list."))
    require(by, Action.ACKNOWLEDGE, alert.stay.standing.unit_id)
    words = storable(words, field="words")
    if not words:
        raise Refusal("words-missing", _("Say in a few words what was done."), field="words")
    answer, created = Acknowledgement.objects.get_or_create(
        alert=alert, defaults={"by": by, "at": at, "words": words}
    )
    Waiting.objects.filter(alert=alert).delete()
    if not created and (answer.by != by or answer.words != words):
        raise Refusal(
            "already-answered",
            _("%(name)s has already answered this.") % {"name": answer.by.short_name},
        )
    return answer


def unanswered(person: Person) -> Sequence[Alert]:
    """Return the alerts on this person's units that wait for an answer, by their deadline."""
    return list(_shown(person).filter(waiting__isnull=False).order_by("answer_by", "pk"))


def answered_since(person: Person, moment: datetime) -> Sequence[Alert]:
    """Return the alerts on this person's units that were answered after this, the newest first."""
    alerts = _shown(person).filter(acknowledgement__at__gt=moment)
    return list(alerts.select_related("acknowledgement__by").order_by("-acknowledgement__at"))


def _shown(person: Person) -> QuerySet[Alert]:
    """Alerts with all that a page shows of them, in one statement."""
    alerts: QuerySet[Alert] = Alert.objects.visible_to(person).select_related(
        "stay__patient",
        "stay__standing__unit",
        "stay__standing__bed__room",
        "raised_by",
        "source__safetycheck",
        "source__amended_by",
    )
    return alerts
