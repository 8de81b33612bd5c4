"""Mutation testing of the compiler and the runtime: do the tests notice when the code is wrong?

``make mutants`` changes one thing at a time in a function of ``engine/bpmn`` or ``engine/runtime`` and
runs the tests that reach the function. A mutant that no test notices *survives*: either a test is
missing, or the change makes no difference, which ``explained.toml`` then has to say.

The code object of the function is exchanged in a forked process. So the functions that the runtime
registers by decorator are mutated like all others, and a mutant costs as much as the tests that reach it.
"""
