"""The pages of looking after each other."""

from django.urls import path

from milieu.wellbeing import views

urlpatterns = [
    path("me/after/", views.own, name="own-check-ins"),
    path("me/after/<uuid:check_in_id>/", views.answer, name="check-in"),
    path("me/after/<uuid:check_in_id>/with-them/", views.with_them, name="check-in-with-them"),
    path("me/after/asked/<uuid:asked_id>/", views.seen, name="company-seen"),
    path("unit/<uuid:unit_id>/company/", views.ask, name="company-ask"),
    path("unit/<uuid:unit_id>/aftercare/", views.aftercare, name="aftercare"),
    path("unit/<uuid:unit_id>/aftercare/<uuid:peer_id>/end/", views.end_peer, name="peer-end"),
]
