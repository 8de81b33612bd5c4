"""``zujian demo``: the sample components go from creation to publication, in the terminal.

It is a visitor like any other: it signs nobody in by a back door, reads the form of each open task,
answers it as a sample person who holds the role, and lets due jobs run. Nothing in the product knows
of it. Start reading at ``showing.run``.
"""
