"""The pages about tags at doors."""

from django.urls import path

from milieu.presence import views

urlpatterns = [
    path("tags/", views.tags, name="tags"),
    path("tags/<uuid:unit_id>/enrol/", views.enrol, name="tags-enrol"),
    path("tags/<uuid:unit_id>/codes/", views.new_codes, name="tags-codes"),
    path("tags/<uuid:unit_id>/sheets/", views.sheets, name="tags-sheets"),
    path("tag/<uuid:tag_id>/", views.tag, name="tag"),
    path("tag/<uuid:tag_id>/move/", views.move, name="tag-move"),
    path("tag/<uuid:tag_id>/retire/", views.retire, name="tag-retire"),
]
