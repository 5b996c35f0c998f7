"""The pages about meals and drinks."""

from django.urls import path

from milieu.intake import views

urlpatterns = [
    path("stay/<uuid:stay_id>/intake/", views.days, name="intake"),
    path("stay/<uuid:stay_id>/intake/meal/", views.meal, name="intake-meal"),
    path("stay/<uuid:stay_id>/intake/drink/", views.drink, name="intake-drink"),
    path("entry/<uuid:entry_id>/meal/", views.amend_meal, name="intake-meal-amend"),
    path("entry/<uuid:entry_id>/drink/", views.amend_drink, name="intake-drink-amend"),
]
