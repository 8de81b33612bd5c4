"""What drives the job queue: a scheduler inside the single process, workers, or Celery.

Three drivers of one function, ``Engine.run_job``, behind the same rows: which of them runs a job, how often
it is offered and what becomes of the message makes no difference to its effect (docs/reference/jobs.md).
``embedded.py`` serves ``zujian run``, ``worker.py`` serves ``zujian worker``, ``celery_queue.py`` and
``dispatcher.py`` serve the same jobs over Redis. Start reading at ``worker.py``.
"""
