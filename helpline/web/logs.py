"""Logs without people in them."""

import logging
import time
import traceback


class Line(logging.Formatter):
    """One line for each record, with the time in UTC, as what reads logs of several machines wants it."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = None

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(super().format(record).split())


class Bare(logging.Filter):
    """Keep the kind and place of an error; drop its message, locals and request.

    An exception's text may quote what somebody wrote or a row of the database, so none is logged:
    the file, line and exception class say where to look.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            places = traceback.extract_tb(error.__traceback__)
            last = f"{places[-1].filename}:{places[-1].lineno}" if places else "unknown place"
            record.msg, record.args = f"{type(error).__name__} at {last}", ()
            record.exc_info = record.exc_text = None
        elif record.name.startswith("django"):
            record.msg, record.args = f"{record.name} {record.levelname.lower()}", ()
        record.__dict__.pop("request", None)
        return True
