"""The pure heart of the engine: ``advance(net, state, command, now)``.

No I/O, no clock, no database: a state and a command go in, a new state and the
effects come out. Start at ``advance.py``, then read one element kind at a time.
"""
