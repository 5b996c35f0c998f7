"""The pages about who comes, goes and moves."""

from django.urls import path

from milieu.admissions import views
from milieu.admissions.rules import What

urlpatterns = [
    path("unit/<uuid:unit_id>/admit/", views.admit, name="admit"),
    path("stay/<uuid:stay_id>/transfer/", views.move, {"what": What.TRANSFER}, name="transfer"),
    path("stay/<uuid:stay_id>/leave/", views.move, {"what": What.LEAVE}, name="leave"),
    path("stay/<uuid:stay_id>/escort/", views.move, {"what": What.ESCORT}, name="escort"),
    path("stay/<uuid:stay_id>/back/", views.move, {"what": What.RETURN}, name="back"),
    path("stay/<uuid:stay_id>/discharge/", views.move, {"what": What.DISCHARGE}, name="discharge"),
    path("entry/<uuid:entry_id>/cancel/", views.cancel, name="cancel-movement"),
]
