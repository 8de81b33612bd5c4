"""Data sets of known vulnerabilities in the OSV form, imported by the administrator, one per ecosystem.

Nothing is fetched: the platform's network is closed. Without a data set dependencies are *not checked*.
Source: OSV schema 1.6; draft standard, clause 8.1.1
"""
