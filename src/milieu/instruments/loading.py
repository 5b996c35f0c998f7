"""Loading the text of an instrument that a facility may use."""

from datetime import datetime

from milieu.instruments.checking import check
from milieu.instruments.models import LoadedText
from milieu.instruments.questionnaire import Text, read
from milieu.kernel.errors import Refusal


def load(raw: bytes, *, at: datetime) -> Text:
    """Keep a text, which from now on is what phones and pages ask. The same again changes nothing.

    Raises:
        Refusal ``not-usable``: the file cannot be used; the message says what is wrong and where.
    """
    if found := check(raw):
        lines = "\n".join(f"- {each}" for each in found)
        raise Refusal("not-usable", f"This file was not loaded. Put these right:\n{lines}")
    text = read(raw)
    content = raw.decode()
    newest = LoadedText.objects.filter(code=text.code).order_by("-loaded_at", "-pk").first()
    if newest is None or newest.content != content:
        LoadedText.objects.create(
            code=text.code, content=content, licence=text.licence, loaded_at=at
        )
    return text
