"""The pages of help: calling, coming, and what was called lately."""

from django.urls import path

from milieu.help import views

urlpatterns = [
    path("unit/<uuid:unit_id>/help/", views.unit, name="help"),
    path("unit/<uuid:unit_id>/help/call/", views.call, name="help-call"),
    path("help/<uuid:call_id>/", views.answer, name="help-answer"),
]
