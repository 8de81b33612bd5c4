"""``zujian demo``: the life of the sample components, from creation to delisting, in the terminal.

It is a visitor like any other: it signs nobody in by a back door, reads the form of each open task,
answers it as a sample person who holds the role, and lets due jobs run. Nothing in the product knows
of it. Start reading at ``showing.run``.
"""
