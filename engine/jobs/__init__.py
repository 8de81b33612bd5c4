"""Jobs: automatic work and timers; lock, run outside any transaction, record.

The database is the queue. ``runner.py`` drives one job; ``locking.py`` finds what is due and takes it.
The drivers in ``webapp/drivers`` and the tests all call ``run_due`` or ``run_job``.
"""
