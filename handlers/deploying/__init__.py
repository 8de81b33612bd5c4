"""Running an uploaded component in the pre-release environment, to see whether it runs at all.

``packages.py`` unpacks an archive and finds how it is started; ``driver.py`` says what every driver can do;
``local.py`` starts child processes of this machine, each held by a ``keeper.py``. It is no container platform
and no place for production: docs/reference/limits.md says what it is not. Start reading at ``driver.py``.
"""
