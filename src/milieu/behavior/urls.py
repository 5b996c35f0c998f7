"""The pages about behavior."""

from django.urls import path

from milieu.behavior import views

urlpatterns = [
    path("stay/<uuid:stay_id>/behavior/", views.days, name="behavior"),
    path("stay/<uuid:stay_id>/behavior/shift/", views.shift, name="behavior-shift"),
    path("stay/<uuid:stay_id>/behavior/episode/", views.episode, name="behavior-episode"),
    path("entry/<uuid:entry_id>/shift/", views.amend_shift, name="behavior-shift-amend"),
    path("entry/<uuid:entry_id>/episode/", views.amend_episode, name="behavior-episode-amend"),
]
