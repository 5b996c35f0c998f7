"""Threads may first read by the same shape at the same moment, and the process lives."""

import subprocess
import sys

import pytest

# Shapes that nobody has read by yet; Python changes between threads as often as it can.
AT_ONCE = """
import sys, threading
from typing import Literal
import msgspec
from milieu.kernel.shapes import work_out_shapes

words = Literal["a", "b", "c"] | None
fields = [(f"field_{number}", words, None) for number in range(12)]
inner = [msgspec.defstruct(f"Inner{number}", fields) for number in range(300)]
shapes = [msgspec.defstruct("Outer", [("inner", each | None, None), *fields]) for each in inner]
if "worked-out" in sys.argv:
    work_out_shapes()
sys.setswitchinterval(1e-6)
for shape in shapes:
    together = threading.Barrier(4)
    def read():
        together.wait()
        msgspec.convert({"field_11": "a", "inner": {"field_11": "b"}}, shape)
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def ended(*words):
    command = [sys.executable, "-c", AT_ONCE, *words]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_what_was_worked_out_before_is_read_by_many_threads_at_once():
    assert ended("worked-out") == 0


def test_this_test_finds_the_harm_of_what_was_not():
    if ended() == 0:
        pytest.skip("This msgspec may be read by at once. Then kernel/shapes.py is not needed.")
