"""The pages about a person's own plan."""

from django.urls import path

from milieu.calm import views

urlpatterns = [
    path("stay/<uuid:stay_id>/plan/", views.plan, name="plan"),
    path("stay/<uuid:stay_id>/plan/write/", views.write_plan, name="plan-write"),
    path("stay/<uuid:stay_id>/plan/versions/", views.versions, name="plan-versions"),
    path("stay/<uuid:stay_id>/plan/tried/", views.write_tried, name="plan-tried"),
    path("entry/<uuid:entry_id>/plan/", views.amend_plan, name="plan-amend"),
    path("entry/<uuid:entry_id>/tried/", views.amend_tried, name="tried-amend"),
]
