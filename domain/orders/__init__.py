"""Orders: which unit may use which component version, from when to when, and what becomes of that.

Applying for an order and approving it come with clause 9.3; orders that were granted elsewhere are
registered by the operator. Here they are suspended, migrated, cancelled and settled. Start reading at
``states``.
"""
