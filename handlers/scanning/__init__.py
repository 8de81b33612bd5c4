"""Scans of artefacts and running components: real tools, offline, in limited child processes.

Each scan is a plain function that returns a ``ScanResult``: a status, normalised findings and the digest
of the raw report in the file store. It knows no database, no process and no baseline. What a tool did not
look at is *not checked*; a tool that hung, crashed, flooded or filled the disk leaves *inconclusive*, never
passed. Start reading in ``results.py``, then ``child.py`` (how tools are run) and ``artefacts.py`` (what is
scanned). docs/reference/checks.md says which tool does what.
"""
