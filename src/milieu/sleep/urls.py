"""The pages about sleep."""

from django.urls import path

from milieu.sleep import views

urlpatterns = [
    path("stay/<uuid:stay_id>/sleep/", views.protect, name="sleep-protect"),
    path("stay/<uuid:stay_id>/sleep/end/", views.end, name="sleep-end"),
    path("stay/<uuid:stay_id>/nights/", views.nights, name="nights"),
]
