"""What a daily scan has begun already, so that it begins nothing twice.

A scan claims a subject for a day before it starts anything on it; the primary key decides between
several schedulers. See docs/how-to/start-processes-on-schedule.md.
"""
