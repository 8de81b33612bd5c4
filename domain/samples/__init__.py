"""Fictitious components and people to try the platform with: 样例，均为虚构.

``components.json`` holds 20 records that meet Table 1, ``invalid-component.json`` one that
does not. Attachments and API documents are generated when asked for, never stored in the
repository. Nothing here is read unless somebody asks for samples.
"""
