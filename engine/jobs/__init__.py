"""Jobs: automatic work and timers; lock, run outside any transaction, record.

The database is the queue. ``runner.py`` drives one job; ``due.py`` finds what is due. APScheduler, the
command line and the tests all call ``run_due``.
"""
