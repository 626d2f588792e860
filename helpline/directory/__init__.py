"""The directory of services: tables as the Human Services Data Specification 3.1 spells them, in and out."""
