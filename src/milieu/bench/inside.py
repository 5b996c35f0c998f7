"""Run ``main`` of a module in a process of its own, on the data that the environment names."""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    module, *words = sys.argv[1:]
    import_module(module).main(*words)
