"""What both the engine and the domain need and neither owns.

Time, identifiers, errors, the acting person, the database and the one audit trail.
Nothing here names a component, a department or a BPMN element: a module enters only
when two rooms need it. Start reading at ``actor.py`` and ``unit_of_work.py``.
"""
