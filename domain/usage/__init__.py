"""Calls of component versions as gateways report them, and when the last real one was.

Probes, debugging and the operator's tests are kept too and never count as use (A32). Billing and
quotas are not here. Start reading at ``queries.last_real_call``.
"""
