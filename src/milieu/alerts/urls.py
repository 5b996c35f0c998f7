"""The nurse's page."""

from django.urls import path

from milieu.alerts import views

urlpatterns = [
    path("concerns/", views.concerns, name="concerns"),
    path("concerns/<uuid:alert_id>/", views.answer, name="concern-answer"),
]
