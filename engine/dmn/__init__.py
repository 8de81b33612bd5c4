"""Decision tables: DMN 1.3 in, one pure function out.

What stands in a ``.dmn`` file is executed as DMN says, or refused at deployment with
the reason and a cure, as for diagrams. Reading order: ``model`` (what a decision is),
``unary_tests`` (the cells on the left), ``reader`` (from XML), ``deciding`` (hit policies).
"""
