"""Is this server's clock right? It signs the times that everyone else's are compared with."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db.models import Max, Min

from milieu import keeping
from milieu.keeping.findings import Finding
from milieu.keeping.models import Heartbeat
from milieu.keeping.rules import CLOCK_STEP, PHONE_CLOCK_OFF, age
from milieu.record.models import Entry

NAME: Final = "clock"
ANSWER_S: Final = 5  # how long another program may take to say
SET_IT: Final = "Set the clock: sudo timedatectl set-ntp true"


def check_clock(now: datetime) -> list[Finding]:
    """Compare the clock with what else is known of the time."""
    found = [*_behind_what_was_stored(now), *_behind_the_program(now), *_synchronised()]
    return found or [Finding(NAME, "ok", "The clock agrees with what is known of the time.")]


def check_phones(now: datetime) -> Finding:
    """Say how far the phones' clocks were off in the last day."""
    recent = Entry.objects.as_system("the keeper compares clocks, not people").filter(
        stored_at__gt=now - timedelta(days=1), clock_offset_ms__isnull=False
    )
    bounds = recent.aggregate(low=Min("clock_offset_ms"), high=Max("clock_offset_ms"))
    if bounds["low"] is None:
        return Finding("phones", "ok", "No phone compared its clock in the last day.")
    off = max(abs(bounds["low"]), abs(bounds["high"]))
    if off > PHONE_CLOCK_OFF.total_seconds() * 1000:
        return Finding(
            "phones",
            "note",
            f"A phone's clock was off by {age(timedelta(milliseconds=off))} in the last day.",
            "Its entries are labelled. Set its date and time to automatic.",
        )
    return Finding("phones", "ok", f"The phones' clocks were off by {off / 1000:.1f} s at most.")


def _behind_what_was_stored(now: datetime) -> Iterator[Finding]:
    entries = Entry.objects.as_system("the keeper compares clocks, not people")
    newest = entries.order_by("-seq").values_list("stored_at", flat=True).first()
    beaten = Heartbeat.objects.aggregate(Max("beat_at"))["beat_at__max"]
    for moment in {newest, beaten} - {None}:
        if moment - now > CLOCK_STEP:
            yield Finding(
                NAME,
                "mend",
                f"The clock is behind: something was stored {age(moment - now)} in its future.",
                SET_IT,
            )
            return


def _behind_the_program(now: datetime) -> Iterator[Finding]:
    """Compare with when its own files were written: with a flat battery, clocks begin in 1970."""
    written = datetime.fromtimestamp(Path(keeping.__file__).stat().st_mtime, UTC)
    if written - now > timedelta(days=1):
        yield Finding(
            NAME, "mend", "The clock is behind the day that Milieu was installed.", SET_IT
        )


def _synchronised() -> Iterator[Finding]:
    asked: tuple[tuple[str, tuple[str, ...], Callable[[str], bool]], ...] = (
        ("chronyc", ("-c", "tracking"), lambda said: said.split(",")[-1:] == ["Normal"]),
        ("timedatectl", ("show", "-p", "NTPSynchronized"), lambda said: said.endswith("=yes")),
    )
    for program, arguments, is_well in asked:
        said = _ask(program, *arguments)
        if said is None:
            continue
        if not is_well(said):
            yield Finding(NAME, "note", f"The clock follows no time server ({program}).", SET_IT)
        return
    yield Finding(
        NAME,
        "note",
        "Whether the clock follows a time server is not known here.",
        "Install chrony.",
    )


def _ask(program: str, *arguments: str) -> str | None:
    """Return what a program says, or None where it is not there or does not answer."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments)
            [path, *arguments], check=False, capture_output=True, text=True, timeout=ANSWER_S
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
