"""Changes of components that are listed: what is pending against what holds, the risk, the end.

A change never touches the record before it is approved: the pending record is kept beside the current one and
takes its place in the window, or never. New versions are born in the catalogue; here stands why and how they
come. Start reading at ``service.py``; ``fields.py`` says which kind of change may touch which field.

Source: TC609-4-2026-XX, clauses 6.2d, 11.3.2 and 11.4d
"""
