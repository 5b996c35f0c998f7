"""The page of evidence."""

from django.urls import path

from milieu.evidence import views

urlpatterns = [path("stay/<uuid:stay_id>/evidence/", views.evidence, name="evidence")]
