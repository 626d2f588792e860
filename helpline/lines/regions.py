"""The regions of Aotearoa New Zealand, for lines that open in some of them first, and for what is counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    NORTHLAND = "northland", "Te Tai Tokerau · Northland"
    AUCKLAND = "auckland", "Tāmaki Makaurau · Auckland"
    WAIKATO = "waikato", "Waikato"
    BAY_OF_PLENTY = "bay_of_plenty", "Te Moana-a-Toi · Bay of Plenty"
    GISBORNE = "gisborne", "Te Tairāwhiti · Gisborne"
    HAWKES_BAY = "hawkes_bay", "Te Matau-a-Māui · Hawke's Bay"
    TARANAKI = "taranaki", "Taranaki"
    MANAWATU = "manawatu", "Manawatū-Whanganui"
    WELLINGTON = "wellington", "Te Whanganui-a-Tara · Wellington"
    TASMAN = "tasman", "Te Tai-o-Aorere · Tasman"
    NELSON = "nelson", "Whakatū · Nelson"
    MARLBOROUGH = "marlborough", "Te Tauihu-o-te-waka · Marlborough"
    WEST_COAST = "west_coast", "Te Tai Poutini · West Coast"
    CANTERBURY = "canterbury", "Waitaha · Canterbury"
    OTAGO = "otago", "Ōtākou · Otago"
    SOUTHLAND = "southland", "Murihiku · Southland"
    OVERSEAS = "overseas", _("Overseas")
    NOT_STATED = "not_stated", _("Not stated")


# Where a line can open: the sixteen, north to south.
PLACES = [(code, name) for code, name in Region.choices if code not in (Region.OVERSEAS, Region.NOT_STATED)]
