"""From a BPMN diagram to a net that the runtime executes.

Nothing here runs a process and nothing here does I/O. A diagram is compiled as a
whole or refused with every problem found; what we do not execute exactly as
BPMN 2.0.2 says is refused, never ignored. Start at ``compiler.py``; the result
is described in ``model.py``.
"""
