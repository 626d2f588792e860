"""The coded categories of a ContactRecord (design, 04-statistics), with their names. Every one may be "not stated".

Regions are in lines/regions.py, since lines open in some of them first. Which codes may be used when: editions.py.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

NOT_STATED = "not_stated"


class Role(models.TextChoices):
    SURVIVOR = "survivor", _("Survivor")
    FAMILY = "family", _("Family and whānau")
    FRIEND = "friend", _("Friend or partner")
    OWN_BEHAVIOUR = "own_behaviour", _("Worried about own thoughts or behaviour, or has harmed")
    OTHERS_BEHAVIOUR = "others_behaviour", _("Worried about another person's behaviour")
    PROFESSIONAL = "professional", _("Professional")
    INFORMATION = "information", _("Information only")
    NOT_STATED = NOT_STATED, _("Not stated")


class Age(models.TextChoices):
    AGE_0_12 = "0-12", "0–12"
    AGE_13_19 = "13-19", "13–19"
    AGE_20_24 = "20-24", "20–24"
    AGE_25_34 = "25-34", "25–34"
    AGE_35_44 = "35-44", "35–44"
    AGE_45_54 = "45-54", "45–54"
    AGE_55_64 = "55-64", "55–64"
    AGE_65 = "65+", "65+"
    NOT_STATED = NOT_STATED, _("Not stated")


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    ANOTHER = "another", _("Another gender")
    NOT_STATED = NOT_STATED, _("Not stated")


class Ethnicity(models.TextChoices):
    EUROPEAN = "european", _("European")
    MAORI = "maori", _("Māori")
    PACIFIC = "pacific", _("Pacific Peoples")
    ASIAN = "asian", _("Asian")
    MELAA = "melaa", _("Middle Eastern, Latin American or African")
    OTHER = "other", _("Other")


class Returning(models.TextChoices):
    FIRST = "first", _("First contact")
    RETURNING = "returning", _("Has been in touch before")
    NOT_STATED = NOT_STATED, _("Not stated")


class YesNo(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_STATED = NOT_STATED, _("Not stated")


class Harm(models.TextChoices):
    ADULT_RAPE = "adult_rape", _("Adult rape or sexual violation")
    ADULT_ASSAULT = "adult_assault", _("Other adult sexual assault")
    CHILD_ABUSE = "child_abuse", _("Child sexual abuse")
    HARASSMENT = "harassment", _("Harassment")
    ONLINE = "online", _("Online or image-based")
    EXPLOITATION = "exploitation", _("Exploitation or trafficking")
    UNSURE = "unsure", _("Suspected or unsure")
    NOT_DISCLOSED = "not_disclosed", _("Not disclosed")
    NOT_STATED = NOT_STATED, _("Not stated")


class HarmWhen(models.TextChoices):
    WITHIN_72_HOURS = "72h", _("Within 72 hours")
    DAYS_4_7 = "4-7d", _("4–7 days")
    DAYS_8_YEAR = "8d-1y", _("8 days to a year")
    YEARS_1_3 = "1-3y", _("1–3 years")
    OVER_3_YEARS = "3y+", _("Over 3 years")
    ONGOING = "ongoing", _("Ongoing")
    NOT_STATED = NOT_STATED, _("Not stated")


class Relationship(models.TextChoices):
    PARTNER = "partner", _("Partner or former partner")
    FAMILY = "family", _("Family")
    KNOWN = "known", _("Known")
    STRANGER = "stranger", _("Stranger")
    PROFESSIONAL = "professional", _("Professional or authority")
    NOT_STATED = NOT_STATED, _("Not stated")


class Need(models.TextChoices):
    EMOTIONAL_SUPPORT = "emotional_support", _("Emotional support")
    INFORMATION = "information", _("Information")
    MEDICAL = "medical", _("Medical")
    POLICE = "police", _("Police process")
    REFERRAL = "referral", _("Referral to a service")
    SAFETY = "safety", _("Safety now")
    SUPPORTING = "supporting", _("Supporting someone")
    OWN_BEHAVIOUR = "own_behaviour", _("Own behaviour")
    ACC = "acc", _("ACC sensitive claim")


class Outcome(models.TextChoices):
    SUPPORTED = "supported", _("Supported")
    SIGNPOSTED = "signposted", _("Signposted")
    REFERRAL_OFFERED = "referral_offered", _("Warm referral offered")
    REFERRAL_ACCEPTED = "referral_accepted", _("Warm referral accepted")
    REFERRAL_REACHED = "referral_reached", _("Warm referral, and they came")
    CALL_BACK = "call_back", _("Call back")
    DISCLOSURE = "disclosure", _("Confidentiality broken for safety")
    NOT_STATED = NOT_STATED, _("Not stated")


class NotCounselling(models.TextChoices):
    SILENT = "silent", _("Silent")
    HANG_UP = "hang_up", _("Left within 10 seconds")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    TEST = "test", _("Test")
    PRANK = "prank", _("Prank")
    ABUSIVE = "abusive", _("Sexually abusive")


class Fate(models.TextChoices):
    """How a contact with the line went, whatever it was about."""

    ANSWERED = "answered", _("Answered")
    LEFT_BEFORE_QUEUE = "left_before_queue", _("Left before the queue")
    LEFT_WITHIN_10S = "left_within_10s", _("Left within 10 seconds")
    LEFT_IN_QUEUE = "left_in_queue", _("Left while waiting")
    LEFT_INFORMED = "left_informed", _("Left after recorded information")
