"""The pages of incidents, and of the log of violent incidents."""

from django.urls import path

from milieu.incident import log, views
from milieu.incident.services import MARK, NOTIFIED, REPORT

urlpatterns = [
    path("stay/<uuid:stay_id>/incidents/", views.of_person, name="incidents"),
    path("stay/<uuid:stay_id>/incidents/mark/", views.mark, name="incident-mark"),
    path("stay/<uuid:stay_id>/incidents/<uuid:incident_id>/", views.show, name="incident"),
    path(
        "stay/<uuid:stay_id>/incidents/<uuid:incident_id>/report/",
        views.report,
        name="incident-report",
    ),
    path(
        "stay/<uuid:stay_id>/incidents/<uuid:incident_id>/told/", views.told, name="incident-told"
    ),
    path(
        "entry/<uuid:entry_id>/incident-mark/",
        views.amend_entry,
        {"kind": MARK},
        name="incident-mark-amend",
    ),
    path(
        "entry/<uuid:entry_id>/incident-report/",
        views.amend_entry,
        {"kind": REPORT},
        name="incident-report-amend",
    ),
    path(
        "entry/<uuid:entry_id>/incident-told/",
        views.amend_entry,
        {"kind": NOTIFIED},
        name="incident-told-amend",
    ),
    path("unit/<uuid:unit_id>/violence-log/", log.show, name="violence-log"),
    path("unit/<uuid:unit_id>/violence-log/table/", log.as_csv, name="violence-log-table"),
    path(
        "unit/<uuid:unit_id>/violence-log/<uuid:line_id>/",
        log.report,
        name="violence-log-reported",
    ),
]
