"""Pages on which an entry is written, put right, or struck out: the same form for all three."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay
from milieu.kernel import clock
from milieu.people.access import reach_of
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.forms import EntryForm, OnceForm
from milieu.record.grounds import require_to_put_right
from milieu.record.ledger import append_here
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for, to_person

Offered = Iterable[tuple[str, str]]  # codes, and what a form says of each

REASON_MAX = Entry._meta.get_field("reason").max_length


class Amending(EntryForm):
    """A form that writes an entry; given ``wrong``, it begins as that was and asks why.

    ``FACT`` names the fact of an entry. ``begun`` gives what the form shows of one, ``said`` what
    was filled in, as the record takes it.
    """

    FACT = ""

    def __init__(self, *args: Any, wrong: Entry | None = None, **options: Any) -> None:
        self.wrong = wrong
        if wrong:
            begun = self.begun(getattr(wrong, self.FACT))
            options["initial"] = {**begun, "at": wrong.happened_at}
        super().__init__(*args, **options)
        if wrong:
            self.fields["at"].initial = wrong.happened_at
            self.fields["reason"] = forms.CharField(
                label=_("Why it is put right"),
                help_text=_("Both entries and this reason stay in the record."),
                max_length=REASON_MAX,
            )

    def kept(self, name: str, found: Offered) -> list[tuple[str, str]]:
        """Return what is offered, and beside it what the entry says in words given up since."""
        known, written = dict(found), self.initial.get(name) or ()
        said = written if isinstance(written, list | tuple) else [written]
        gone = [str(each) for each in said if str(each) not in known]
        return [*known.items(), *zip(gone, gone, strict=True)]

    def begun(self, row: Any) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
        raise NotImplementedError

    def said(self) -> Any:
        """Return what was filled in as a fact, without what does not apply."""
        raise NotImplementedError


class StrikeForm(OnceForm):
    """Why an entry is struck out."""

    prefix = "strike"
    reason = forms.CharField(
        label=gettext_lazy("Why it is struck out"),
        help_text=gettext_lazy("For what was not so, or was about someone else."),
        max_length=REASON_MAX,
    )


def entry_to_amend(request: Request, entry_id: object, kind: str, fact: str) -> Entry:
    """Return an entry of this kind on this person's units, with its fact.

    Raises:
        Http404: there is none.
    """
    found: Entry = get_object_or_404(
        Entry.objects.visible_to(request.user)
        .filter(kind=kind, struck=False)
        .select_related("author", fact, "amended_by__author"),
        entry_id=entry_id,
    )
    return found


class Desk(NamedTuple):
    """How entries of one kind are written and put right at a desk."""

    kind: str
    form: Callable[..., Amending]  # given what was posted, ``stay``, ``now``, and ``wrong``
    template: str
    done: str | Promise
    shown: Mapping[str, Any]  # what the page says besides the form
    action: Action = Action.CHECK


def appending(
    request: Request, stay: Stay, kind: str, form: Amending, now: datetime
) -> Callable[[dict[str, Any]], Entry]:
    """Return what stores a form that was filled in about somebody, as an entry of this kind."""

    def act(given: dict[str, Any]) -> Entry:
        return append_here(
            kind,
            form.said(),
            entry_id=given["entry_id"],
            stay_id=stay.pk,
            by=request.user.pk,
            at=given["at"],
            written_at=now,
        )

    return act


def write(request: Request, stay_id: UUID, desk: Desk) -> HttpResponse:
    """Show the form about somebody, and write what is sent."""
    stay = stay_for(request, stay_id, desk.action)
    now = clock.now()
    form = desk.form(request.POST or None, stay=stay, now=now)

    act = appending(request, stay, desk.kind, form, now)
    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, str(desk.done))
    return show(request, desk.template, form, stay=stay, **desk.shown)


def amend(request: Request, wrong: Entry, desk: Desk) -> HttpResponse:
    """Show an entry as it was recorded; put it right, or strike it out, with a reason."""
    stay = stay_for(request, wrong.stay_id, Action.SEE)
    roles = reach_of(request.user).get(stay.standing.unit_id, frozenset())
    require_to_put_right(wrong, request.user.pk, roles, desk.action)
    now = clock.now()
    striking = "strike" in request.POST
    posted = request.POST or None
    form = desk.form(None if striking else posted, stay=stay, now=now, wrong=wrong)
    strike = StrikeForm(posted if striking else None)

    def act(given: dict[str, Any]) -> Entry:
        return append_here(
            desk.kind,
            None if striking else form.said(),
            entry_id=given["entry_id"],
            stay_id=stay.pk,
            by=request.user.pk,
            # Struck at its own time: sent twice, it says the same, and is stored once.
            at=wrong.happened_at if striking else given["at"],
            written_at=now,
            amends=wrong.entry_id,
            reason=given["reason"],
        )

    if request.method == "POST" and carry_out(strike if striking else form, act):
        return to_person(request, stay, _("The entry is put right."))
    more = {"stay": stay, "wrong": wrong, "strike": strike, "striking": striking}
    return show(request, desk.template, form, **more, **desk.shown)
