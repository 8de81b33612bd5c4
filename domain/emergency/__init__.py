"""Emergency plans and their filing with the operator within 15 natural days (10.3a).

A filing has a due time and a state; a plan has versions by the digest of what it says. What a plan
must say stands in ``rules``. Faults, circuit breaking and standbys (10.3b, c) are not here.
"""
