"""The pages about vital signs."""

from django.urls import path

from milieu.vitals import views

urlpatterns = [
    path("stay/<uuid:stay_id>/vitals/", views.days, name="vitals"),
    path("stay/<uuid:stay_id>/vitals/take/", views.take, name="vitals-take"),
    path("entry/<uuid:entry_id>/vitals/", views.amend, name="vitals-amend"),
]
