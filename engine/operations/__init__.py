"""What administrators do to instances: suspend, resume, cancel, move a token, correct variables, migrate.

Each is a request with a reason; a second administrator consents, and only then it is carried out, in
one transaction with its audit event. Start with ``requesting.py``, then ``consenting.py``;
``docs/how-to/operate-instances.md`` shows the use. Not here: what happens to the tokens
(``engine.runtime.operating``, ``engine.runtime.migrating``) and stuck work (``engine.incidents``).
"""
