"""The page of alerts, its sound, and where a person asks to be told."""

from django.urls import path

from milieu.alerts import tell_me, views

urlpatterns = [
    path("concerns/", views.concerns, name="concerns"),
    path("concerns/ring/", views.ring, name="concerns-ring"),
    path("concerns/tell-me/", tell_me.tell_me, name="tell-me"),
    path("concerns/tell-me/add/", tell_me.add, name="tell-me-add"),
    path("concerns/tell-me/try/", tell_me.try_out, name="tell-me-try"),
    path("concerns/tell-me/<uuid:browser_id>/end/", tell_me.end, name="tell-me-end"),
    path("concerns/<uuid:alert_id>/", views.answer, name="concern-answer"),
]
