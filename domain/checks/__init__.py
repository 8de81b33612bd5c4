"""What was checked on a version, by the platform or by a person, and what was found.

A run is ``passed``, ``failed`` or ``not_checked``; what nobody looked at is never passed.
This room stores and reads; the checking itself is done by handlers and people.
"""
