"""What changed between two API documents of a component, and which step of the version that asks for.

Removing or narrowing is *major*, adding is *minor*, the rest is *patch*. Schemas are compared with their
references resolved, each in the direction in which it is used: a request that accepts less breaks the
caller, an answer that says less or something new in kind does too. Start reading in ``comparing.py``.

Source: draft standard, clause 6.2 d; Semantic Versioning 2.0.0
"""

from handlers.scanning.contracts.changes import ContractChange, ContractComparison, Weight
from handlers.scanning.contracts.comparing import compare_contracts

__all__ = ["ContractChange", "ContractComparison", "Weight", "compare_contracts"]
