"""The pages about checks and levels."""

from django.urls import path

from milieu.rounds import views

urlpatterns = [
    path("stay/<uuid:stay_id>/check/", views.check, name="check"),
    path("stay/<uuid:stay_id>/level/", views.order, name="level-order"),
    path("entry/<uuid:entry_id>/amend/", views.amend, name="amend"),
]
