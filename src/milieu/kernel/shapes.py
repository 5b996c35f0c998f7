"""What msgspec reads by is worked out before threads share it."""

from collections.abc import Iterator

import msgspec


def work_out_shapes() -> None:
    """Have msgspec work out every shape that is loaded. Call it before there are threads.

    It works one out when something is first read by it, and puts it where other threads find it
    before it is whole (msgspec 0.22: only without Python's one lock does it wait). Two threads that
    first read by the same shape then end the whole process, by SIGSEGV in its ``convert``: a new
    worker died so, of eight boards that were asked for at once.
    """
    for shape in _below(msgspec.Struct):
        msgspec.json.Decoder(shape)


def _below(shape: type) -> Iterator[type]:
    subclasses: list[type] = shape.__subclasses__()
    for each in subclasses:
        yield each
        yield from _below(each)
