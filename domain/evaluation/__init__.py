"""How province and cities do with their common components, by Table 3: built, mature, reused.

What is counted comes from catalogue and orders as they were at the end of a period; the maturity is
recognised by the supervisory department on evidence of the operators. Nothing here moves a component.
Start at ``rules.py``.
"""
