"""Incidents: work that is stuck, why, and how a person sets it going again or ends it."""
