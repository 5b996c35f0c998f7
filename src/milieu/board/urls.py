"""The addresses of the board, the person's page and its entries."""

from django.urls import path

from milieu.board import person, regularity, screens, shares, staffing, views, watching

urlpatterns = [
    path("board/<uuid:unit_id>/", views.show, name="board"),
    path("board/<uuid:unit_id>/names/", views.choose_names, name="board-names"),
    path("board/<uuid:unit_id>/regularity/", regularity.show, name="regularity"),
    path("board/<uuid:unit_id>/staffing/", staffing.show, name="staffing"),
    path("board/<uuid:unit_id>/presence/", shares.show, name="shares"),
    path("live/board/<uuid:unit_id>", views.live, name="board-live"),
    path("wall/", screens.wall, name="wall"),
    path("live/wall", screens.live, name="wall-live"),
    path("stay/<uuid:stay_id>/", person.stay, name="stay"),
    path("stay/<uuid:stay_id>/watch/", watching.watch, name="watch"),
    path("entry/<uuid:entry_id>/", person.entry, name="entry"),
]
