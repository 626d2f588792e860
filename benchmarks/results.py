"""What a benchmark says: one JSON object a line."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Result:
    """`ratio` is value over reference: from the same run where both were measured, else from the issue's target."""

    name: str
    value: float
    unit: str
    reference: float
    ratio: float

    def __str__(self) -> str:
        return json.dumps(asdict(self))


def beside(name: str, value: float, unit: str, reference: float) -> Result:
    return Result(name, _short(value), unit, _short(reference), _short(value / reference))


def _short(number: float) -> float:
    """Three figures: more would claim a precision that a shared machine does not have."""
    return float(f"{number:.3g}")
