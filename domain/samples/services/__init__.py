"""Small components that can be deployed or called: made by us, of the standard library alone, fictitious.

Each module is a whole program: it listens where ``PORT`` says and logs JSON lines. ``packing.py`` packs
one into an archive. ``FAULTS`` (a variable) plants mistakes for tests to find.
"""
