"""`helpline <command>`, also as `python -m helpline <command>`; `helpline help` lists the commands."""

import os
import sys

from dj_database_url import ParseError, UnknownSchemeError
from django.core.management import execute_from_command_line
from django.db import OperationalError

from helpline.operations import demonstration
from helpline.operations.postgres import PostgresUnavailable
from helpline.vault.keystore import KeyStoreUnavailable


def main() -> None:
    """Run one command. Without DATABASE_URL the database is the demonstration's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpline.settings")
    try:
        os.environ.setdefault("DATABASE_URL", demonstration.database_server().url())
        execute_from_command_line(["helpline", *sys.argv[1:]])
    except KeyStoreUnavailable as error:
        sys.exit(str(error))
    except OperationalError:
        # Its own text may name hosts and users.
        sys.exit("The database does not answer. Is DATABASE_URL right, or the demonstration running (make demo)?")
    except (ParseError, UnknownSchemeError):
        sys.exit("DATABASE_URL cannot be read. It looks like this: postgresql://user:password@host/database")
    except PostgresUnavailable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
