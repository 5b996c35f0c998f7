"""The pages about restraint and seclusion."""

from django.urls import path

from milieu.crisis import hours, occurrences, pages, printed, setting_up, views

about = "restraint/<uuid:application_id>/"
urlpatterns = [
    path("unit/<uuid:unit_id>/restraint/", pages.now, name="restraint-now"),
    path("unit/<uuid:unit_id>/restraint/laws/", setting_up.laws, name="restraint-laws"),
    path("unit/<uuid:unit_id>/restraint/trained/", setting_up.training, name="restraint-trained"),
    path("stay/<uuid:stay_id>/restraint/", views.start, name="restraint-start"),
    path(about, pages.application, name="restraint"),
    path(f"{about}record/", printed.record, name="restraint-record"),
    path(f"{about}change/", views.change, name="restraint-change"),
    path(f"{about}order/", views.order, name="restraint-order"),
    path(f"{about}check/", views.check, name="restraint-check"),
    path(f"{about}seen/", views.seen, name="restraint-seen"),
    path(f"{about}release/", views.end, name="restraint-end"),
    path(f"{about}debrief/", views.debrief, name="restraint-debrief"),
    path("stay/<uuid:stay_id>/occurrence/", occurrences.known, name="occurrence"),
    path("occurrence/<uuid:entry_id>/report/", occurrences.report, name="occurrence-report"),
    path("unit/<uuid:unit_id>/occurrences/", occurrences.occurrences, name="occurrences"),
    path("unit/<uuid:unit_id>/restraint/hours/", hours.hours, name="restraint-hours"),
    path("entry/<uuid:entry_id>/restraint/", views.amend_any, name="restraint-amend"),
]
