"""The pages about vital signs."""

from django.urls import path

from milieu.vitals import views

urlpatterns = [
    path("stay/<uuid:stay_id>/vitals/", views.days, name="vitals"),
    path("stay/<uuid:stay_id>/vitals/take/", views.take, name="vitals-take"),
    path("stay/<uuid:stay_id>/vitals/scale/", views.order_scale, name="vitals-scale"),
    path("entry/<uuid:entry_id>/scale/", views.amend_scale, name="vitals-scale-amend"),
    path("entry/<uuid:entry_id>/vitals/", views.amend, name="vitals-amend"),
]
