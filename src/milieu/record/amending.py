"""Pages on which an entry is written, put right, or struck out: the same form for all three."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay
from milieu.kernel.errors import Refusal
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.forms import EntryForm, OnceForm
from milieu.record.models import Entry

REASON_MAX = Entry._meta.get_field("reason").max_length


class Amending(EntryForm):
    """A form that writes an entry; given ``wrong``, it begins as that was and asks why.

    ``FACT`` names the fact of an entry. ``begun`` gives what the form shows of one.
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

    def begun(self, row: Any) -> dict[str, Any]:
        """Return an entry as the form shows it, to be put right."""
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


def require_author_or_lead(request: Request, wrong: Entry, stay: Stay, action: Action) -> None:
    """Pass for its author, who may do this, and for a lead.

    Raises:
        Refusal ``not-allowed``: as the record itself would say.
    """
    unit = stay.standing.unit_id
    its_author = wrong.author == request.user and may(request.user, action, unit)
    if not its_author and not may(request.user, Action.AMEND_ANY, unit):
        raise Refusal(
            "not-allowed", _("Only its author or a lead technician can put this entry right.")
        )
