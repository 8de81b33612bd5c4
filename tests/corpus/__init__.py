"""States as earlier versions of the platform stored them. They must load and finish, for ever.

``recording.py`` made them and ``moves.py`` says how they are written. Each folder ``schema-<n>`` is
written once, by the last code of that schema, and never changed afterwards.
"""
