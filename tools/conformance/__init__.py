"""Whether what is said to be covered is: tests by requirement, faults that must turn them red, the matrix.

``make conformance`` tries the seeded faults that changed and writes the matrix. Start reading at
``__main__.py``; docs/how-to/cover-a-requirement.md tells how to add a row.
"""
