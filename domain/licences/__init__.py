"""Which licences of libraries are allowed, and which are not: one policy, versioned, audited.

What is on neither list is unknown: a person has to look. Source: draft standard, clause 11.6.1a
"""
