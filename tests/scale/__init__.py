"""Jobs on many processes: real PostgreSQL, real Redis, real SIGKILL. Run by ``make test-scale``."""
