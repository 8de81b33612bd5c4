"""Cases of delisting: their kind and grounds, who asked and who agreed, and what was taken down.

The room keeps what people and the platform recorded; the state machine of the catalogue reads it and
decides. Taking down itself (market, routes, credentials, deployments) is done by handlers, which
record here what they proved. Start reading at ``kinds``.
"""
