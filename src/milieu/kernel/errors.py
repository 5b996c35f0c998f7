"""The one error that the rooms raise at a person. Doors decide how it looks."""


class Refusal(Exception):
    """The request was understood and will not be done.

    ``message`` is one or two plain sentences for the person who asked: what was refused,
    then what to do next. ``code`` is stable and is what programs and tests rely on.
    ``field`` names the input at fault, when there is one.
    """

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
