"""The acceptance texts of the standard's requirements, followed value by value.

Every test names its requirements with the marker ``requirement``; docs/how-to/cover-a-requirement.md
tells the rest.
"""
