"""Admissions of external products before they become part of a component (P17).

An admission holds for twelve calendar months and for one digest. Source: draft standard, clauses 6.1.3
and 11.6.1a
"""
