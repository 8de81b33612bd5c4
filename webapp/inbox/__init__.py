"""The inbox: which tasks wait, and one task with everything needed to decide, on one screen.

``filters.py`` reads the address, ``presenters.py`` finishes the rows, ``task_page.py`` gathers one task;
``routes.py`` shows them, ``commands.py`` carries out what a person does, ``reviewing.py`` what reviewers do
beside deciding. Works without script.
"""

from webapp.inbox import commands, reviewing, routes
from webapp.inbox.blueprint import blueprint

__all__ = ["blueprint", "commands", "reviewing", "routes"]
