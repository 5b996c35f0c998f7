"""The pages about instruments."""

from django.urls import path

from milieu.instruments import views

urlpatterns = [
    path("stay/<uuid:stay_id>/instruments/", views.choose, name="instruments"),
    path("stay/<uuid:stay_id>/instruments/<slug:code>/", views.fill_in, name="instrument"),
    path("entry/<uuid:entry_id>/instrument/", views.amend, name="instrument-amend"),
]
