"""What was said with an instrument, in typed columns; and the texts that a facility has loaded."""

from django.db import models
from django.db.models import Q

from milieu.instruments import shape
from milieu.kernel.ids import uuid7
from milieu.record.models import Fact
from milieu.record.shapes import constraints

NO_SCORE = Q(score=None, answers="")


class Scored(Fact):
    """An instrument answered, or not. ``answers``: ``item=code``, spaces between.

    ``score`` is worked out where there are answers, with the text whose version is ``scored_with``;
    it is what was typed where there are none. ``unanswered``: how many questions that count were
    left out: there is no score then.
    """

    instrument = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    text = models.CharField(max_length=12, blank=True)
    answers = models.CharField(max_length=5000, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    scored_with = models.CharField(max_length=12, blank=True)
    unanswered = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *constraints(shape.Scored, prefix="scored"),
            models.CheckConstraint(
                name="scored_only_if_answered",
                condition=(Q(outcome="answered") & ~NO_SCORE) | (~Q(outcome="answered") & NO_SCORE),
            ),
            models.CheckConstraint(
                name="scored_only_if_whole",
                condition=Q(score=None) | Q(unanswered=None) | Q(unanswered=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.pk}"

    def answered(self) -> dict[str, str]:
        """Return the code of each answer, by link id."""
        return dict(pair.split("=", 1) for pair in self.answers.split())


class LoadedText(models.Model):
    """The text of an instrument that a facility loaded, with the licence that it holds.

    Never changed: a newer text of the same instrument takes its place; older answers keep theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    content = models.TextField()  # the Questionnaire, byte for byte as it was given
    licence = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["code", "loaded_at"], name="loaded_text_newest")]

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"
