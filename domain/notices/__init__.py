"""Notices inside the platform: to a person, or to whoever holds a role for a unit and region.

A notice to a role is one row, however many persons hold it; who has read it is kept per
person. Mail and other channels come later.
"""
