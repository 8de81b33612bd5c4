"""Process definitions: check, draft, deploy, version.

A version is content-addressed and never changes. Start with ``deploy.py``; ``check.py`` lists what is
refused.
"""
