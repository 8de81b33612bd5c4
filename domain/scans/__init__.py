"""What a daily scan has begun already, so that it begins nothing twice.

A scan claims the day before it looks for anything; the primary key decides between several schedulers.
See docs/how-to/start-processes-on-schedule.md.
"""
