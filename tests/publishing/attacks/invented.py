"""Invented months as closed ones: the Parquet that is counted."""

from pathlib import Path

from helpline.publishing.counting import DuckDB
from helpline.publishing.synthetic import Month, contacts
from helpline.publishing.synthetic_months import write_month


def drawn(number: int, clustering: float) -> Month:
    (month,) = contacts(1, number, clustering)
    return month


def closed(month: Month, folder: Path) -> DuckDB:
    return DuckDB(write_month(month, folder / "month.parquet"))
