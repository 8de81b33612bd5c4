"""How fast it is, measured: ``make bench``, ``make bench LONG=1``, ``make bench-compare A=… B=…``.

``process.py`` is what is run, ``office.py`` runs it and takes the time, ``cases.py`` says what is measured,
``yardsticks.py`` what it is held against, ``seeding.py`` makes large stores. What the figures mean stands in
docs/explanation/performance.md.
"""
