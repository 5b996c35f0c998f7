"""The pages of noticing and looking."""

from django.urls import path

from milieu.watch import views

urlpatterns = [
    path("unit/<uuid:unit_id>/notices/", views.notices, name="notices"),
    path("unit/<uuid:unit_id>/notices/settings/", views.settings, name="notices-settings"),
    path("unit/<uuid:unit_id>/glance/", views.unit_glance, name="unit-glance"),
    path("notice/<uuid:notice_id>/mark/", views.mark, name="notice-mark"),
    path("stay/<uuid:stay_id>/glance/", views.glance, name="glance"),
]
