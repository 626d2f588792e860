"""Invents contacts and counts them: what `benchmarks.counting` starts."""

import datetime as dt
import json
import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  # after setup
from django.db import connection, transaction  # noqa: E402  # after setup

from benchmarks.counting import A_MONTH, MONTHS, TIMES  # noqa: E402  # after setup
from helpline.lines.models import Line  # noqa: E402  # after setup
from helpline.publishing import counting, parquet  # noqa: E402  # after setup
from helpline.publishing.contacts_sql import of_month  # noqa: E402  # after setup
from helpline.publishing.synthetic import contacts  # noqa: E402  # after setup
from helpline.publishing.synthetic_months import add_records, write_month  # noqa: E402  # after setup

SINCE = dt.date(2016, 11, 1)
MORE = 500  # a month's number is drawn: so that all together are 10 million at least
AT_ONCE = 2


def one_month() -> dict[str, float]:
    """Nothing of it is kept."""
    call_command("migrate", verbosity=0, interactive=False)
    (month,) = contacts(1, A_MONTH)
    with TemporaryDirectory() as folder, transaction.atomic():
        line = Line.objects.create(slug="counted", name="Counted")
        add_records(line, month, Path(folder))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE records_contactrecord")
        records = counting.PostgreSQL(of_month(line.pk, month.start))
        with parquet.exported() as path:
            counted = [_counted(path) for _ in range(TIMES)]
        began = time.monotonic()
        digest = counting.count(records).digest
        postgresql = time.monotonic() - began
        transaction.set_rollback(True)
    assert {each for _, _, each in counted} == {digest}, "the engines disagree"
    walls, processors = (float(np.median([each[place] for each in counted])) for place in (0, 1))
    return {"duckdb": walls, "processor": processors, "postgresql": postgresql}


def _counted(path: Path, threads: int = 2) -> tuple[float, float, str]:
    began, spent = time.monotonic(), time.process_time()
    engine = counting.DuckDB(path, threads=threads)
    digest = counting.count(engine).digest
    engine.close()
    return time.monotonic() - began, time.process_time() - spent, digest


def all_months() -> dict[str, float]:
    with TemporaryDirectory() as folder:
        number, paths = 0, []
        for month in contacts(MONTHS, A_MONTH + MORE, first=SINCE):
            number += len(month)
            paths.append(write_month(month, Path(folder) / f"{month.start}.parquet"))
        began, spent = time.monotonic(), time.process_time()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda path: _counted(path, threads=1), paths))
        seconds, processor = time.monotonic() - began, time.process_time() - spent
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"contacts": number, "seconds": seconds, "processor": processor, "mebibytes": most}


if __name__ == "__main__":
    print(json.dumps({"month": one_month, "all": all_months}[sys.argv[1]]()))
