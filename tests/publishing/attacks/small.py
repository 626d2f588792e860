"""A small programme with everything in it that the large one has: crossed tables, and parts that overlap."""

from helpline.publishing import dimensions as by
from helpline.publishing.programme import Period, Population, Programme, Table

SMALL = Programme(
    "small",
    Period.MONTH,
    (
        Table(Population.CONTACTS, (by.CHANNEL, by.HARM)),
        Table(Population.CONTACTS, (by.CHANNEL, by.AGE)),
        Table(Population.CONTACTS, (by.AGE, by.HARM)),
        Table(Population.CONTACTS, (by.AGE, by.ETHNICITY)),
        Table(Population.CONTACTS, (by.ETHNICITY, by.NEED)),
    ),
)

# Smaller still: for a year of months in one system.
TINY = Programme(
    "tiny",
    Period.MONTH,
    (Table(Population.CONTACTS, (by.CHANNEL, by.AGE)), Table(Population.CONTACTS, (by.RETURNING, by.ETHNICITY))),
)
