"""Who there is: regions, units, persons, how they sign in and which roles they hold.

A person is not a login: ``identity`` rows stand beside ``person``. A grant is a role for a
region and, where given, a unit; one administrator proposes it, another decides it. Not
here: what a role may do to a component (``domain.catalogue.states``). Start at
``permissions.py`` and ``queries.actor_for``.
"""
