"""Regions by their six-digit codes: a province covers its cities, a city its counties.

Source: GB/T 2260 (codes of administrative divisions), two digits per level
"""

_DIGITS = 6


def covers(grant_region: str, region: str) -> bool:
    """Tell whether a grant for one region reaches another."""
    low, high = region_range(grant_region)
    return low <= region <= high


def region_range(region: str) -> tuple[str, str]:
    """Return the lowest and the highest code that the region covers, for SQL.

    Raises:
        ValueError: the code does not have six digits.
    """
    if len(region) != _DIGITS or not (region.isascii() and region.isdigit()):
        raise ValueError(f"a region code has six digits, found {region!r}")
    significant = region
    while significant.endswith("00"):
        significant = significant[:-2]
    return region, significant.ljust(_DIGITS, "9")


def province_of(region: str) -> str:
    """Return the code of the province that a region lies in (GB/T 2260: the first two digits)."""
    return f"{region[:2]}0000"
