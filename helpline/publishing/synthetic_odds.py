"""How invented contacts hang together. Every number here is invented: none is any line's figure.

Weights by code; a code that is not named has none. `"*"` is every condition that is not named.
"""

from collections.abc import Mapping

Weights = Mapping[str, float]
Odds = Mapping[str, Weights]

CHANNEL: Odds = {"*": {"webchat": 52, "sms": 14, "email": 6, "voice": 28}}
# By channel. Nobody leaves an e-mail's queue.
FATE: Odds = {
    "webchat": {
        "answered": 86, "left_before_queue": 3, "left_within_10s": 2, "left_in_queue": 7, "left_informed": 2,
    },
    "sms": {"answered": 91, "left_before_queue": 1, "left_within_10s": 0.5, "left_in_queue": 7, "left_informed": 0.5},
    "email": {"answered": 100},
    "voice": {"answered": 80, "left_before_queue": 4, "left_within_10s": 5, "left_in_queue": 6, "left_informed": 5},
}  # fmt: skip
# Of those who were answered, by channel: how many were not about counselling, and as what.
NOT_COUNSELLING_SHARE: Weights = {"webchat": 0.09, "sms": 0.12, "email": 0.03, "voice": 0.17}
NOT_COUNSELLING: Odds = {
    "voice": {"silent": 34, "hang_up": 22, "wrong_number": 18, "test": 3, "prank": 11, "abusive": 12},
    "*": {"silent": 38, "hang_up": 20, "wrong_number": 7, "test": 9, "prank": 17, "abusive": 9},
}
# Nothing was stated, by channel; each field in its measure.
UNSTATED: Weights = {"webchat": 0.16, "sms": 0.22, "email": 0.10, "voice": 0.12}
UNSTATED_BY_FIELD: Weights = {
    "role": 0.3, "age": 1.2, "gender": 0.9, "region": 1.3, "returning": 0.8, "interpreter": 0.4, "disability": 2.4,
    "harm": 0.7, "harm_when": 1.6, "in_childhood": 1.3, "relationship": 1.5, "outcome": 0.2, "ethnicity": 1.5,
    "need": 0.2,
}  # fmt: skip

ROLE: Odds = {
    "email": {
        "survivor": 34, "family": 17, "friend": 10, "own_behaviour": 5, "others_behaviour": 4, "professional": 21,
        "information": 9,
    },
    "*": {
        "survivor": 58, "family": 13, "friend": 10, "own_behaviour": 6, "others_behaviour": 4, "professional": 4,
        "information": 5,
    },
}  # fmt: skip
# By role.
AGE: Odds = {
    "survivor": {
        "0-12": 1.5, "13-19": 21, "20-24": 20, "25-34": 25, "35-44": 15, "45-54": 10, "55-64": 5, "65+": 2.5,
    },
    "family": {"13-19": 5, "20-24": 7, "25-34": 18, "35-44": 30, "45-54": 23, "55-64": 11, "65+": 6},
    "friend": {"0-12": 1, "13-19": 27, "20-24": 24, "25-34": 24, "35-44": 12, "45-54": 7, "55-64": 3, "65+": 2},
    "own_behaviour": {"13-19": 14, "20-24": 18, "25-34": 27, "35-44": 20, "45-54": 12, "55-64": 6, "65+": 3},
    "*": {"13-19": 2, "20-24": 10, "25-34": 28, "35-44": 26, "45-54": 20, "55-64": 10, "65+": 4},
}  # fmt: skip
GENDER: Odds = {
    "own_behaviour": {"female": 13, "male": 85, "another": 2},
    "survivor": {"female": 80, "male": 16.5, "another": 3.5},
    "*": {"female": 73, "male": 25.5, "another": 1.5},
}
RETURNING: Odds = {
    "survivor": {"first": 55, "returning": 45},
    "professional": {"first": 68, "returning": 32},
    "*": {"first": 76, "returning": 24},
}
HARM: Odds = {
    "survivor": {
        "adult_rape": 34, "adult_assault": 19, "child_abuse": 24, "harassment": 5, "online": 6, "exploitation": 1.5,
        "unsure": 5, "not_disclosed": 5.5,
    },
    "own_behaviour": {
        "adult_rape": 4, "adult_assault": 9, "child_abuse": 17, "harassment": 8, "online": 34, "exploitation": 1,
        "unsure": 12, "not_disclosed": 15,
    },
    "information": {"not_disclosed": 60, "unsure": 20, "adult_assault": 10, "child_abuse": 10},
    "*": {
        "adult_rape": 25, "adult_assault": 16, "child_abuse": 32, "harassment": 4, "online": 7, "exploitation": 2,
        "unsure": 9, "not_disclosed": 5,
    },
}  # fmt: skip
# By harm.
HARM_WHEN: Odds = {
    "child_abuse": {"72h": 2, "4-7d": 2, "8d-1y": 8, "1-3y": 9, "3y+": 71, "ongoing": 8},
    "online": {"72h": 18, "4-7d": 15, "8d-1y": 32, "1-3y": 8, "3y+": 4, "ongoing": 23},
    "*": {"72h": 14, "4-7d": 9, "8d-1y": 30, "1-3y": 18, "3y+": 22, "ongoing": 7},
}
IN_CHILDHOOD: Odds = {"child_abuse": {"yes": 97, "no": 3}, "*": {"yes": 11, "no": 89}}
RELATIONSHIP: Odds = {
    "child_abuse": {"partner": 1, "family": 61, "known": 27, "stranger": 4, "professional": 7},
    "online": {"partner": 20, "family": 3, "known": 31, "stranger": 43, "professional": 3},
    "harassment": {"partner": 12, "family": 5, "known": 41, "stranger": 22, "professional": 20},
    "*": {"partner": 37, "family": 9, "known": 35, "stranger": 15, "professional": 4},
}
# Each on its own, by role: the chance that it is among what was needed.
NEED: Odds = {
    "survivor": {
        "emotional_support": 0.86, "information": 0.37, "medical": 0.13, "police": 0.16, "referral": 0.27,
        "safety": 0.06, "supporting": 0.01, "acc": 0.14,
    },
    "family": {
        "emotional_support": 0.61, "information": 0.52, "medical": 0.08, "police": 0.19, "referral": 0.28,
        "safety": 0.07, "supporting": 0.74, "acc": 0.07,
    },
    "own_behaviour": {"emotional_support": 0.48, "information": 0.41, "referral": 0.36, "own_behaviour": 0.93},
    "others_behaviour": {"information": 0.55, "safety": 0.15, "own_behaviour": 0.22, "supporting": 0.3},
    "*": {"information": 0.7, "emotional_support": 0.22, "referral": 0.24, "police": 0.1, "supporting": 0.42},
}  # fmt: skip
OUTCOME: Odds = {
    "own_behaviour": {
        "supported": 46, "signposted": 37, "referral_offered": 8, "referral_accepted": 5, "disclosure": 4,
    },
    "survivor": {
        "supported": 62, "signposted": 19, "referral_offered": 7, "referral_accepted": 6, "referral_reached": 2.5,
        "call_back": 3, "disclosure": 0.5,
    },
    "*": {
        "supported": 40, "signposted": 46, "referral_offered": 6, "referral_accepted": 4, "referral_reached": 1,
        "call_back": 2.6, "disclosure": 0.4,
    },
}  # fmt: skip

REGION: Odds = {
    "*": {
        "northland": 4.2, "auckland": 31, "waikato": 10, "bay_of_plenty": 7, "gisborne": 1.3, "hawkes_bay": 3.6,
        "taranaki": 2.4, "manawatu": 5, "wellington": 12, "tasman": 0.9, "nelson": 1.2, "marlborough": 0.9,
        "west_coast": 0.6, "canterbury": 13, "otago": 5, "southland": 1.7, "overseas": 1.2,
    }
}  # fmt: skip
# Each on its own, by region: a person may be of several.
ETHNICITY: Odds = {
    "auckland": {"european": 0.46, "maori": 0.17, "pacific": 0.17, "asian": 0.24, "melaa": 0.025, "other": 0.02},
    "gisborne": {"european": 0.44, "maori": 0.62, "pacific": 0.05, "asian": 0.03, "melaa": 0.004, "other": 0.01},
    "northland": {"european": 0.58, "maori": 0.46, "pacific": 0.05, "asian": 0.04, "melaa": 0.006, "other": 0.015},
    "bay_of_plenty": {"european": 0.62, "maori": 0.38, "pacific": 0.04, "asian": 0.07, "melaa": 0.01, "other": 0.015},
    "*": {"european": 0.76, "maori": 0.2, "pacific": 0.05, "asian": 0.1, "melaa": 0.015, "other": 0.018},
}
LANGUAGE: Odds = {
    "overseas": {"en": 82, "other": 18},
    "auckland": {"en": 95, "mi": 0.7, "other": 4.3},
    "*": {"en": 97.5, "mi": 1.2, "other": 1.3},
}
INTERPRETER: Odds = {"other": {"yes": 28, "no": 72}, "mi": {"yes": 2, "no": 98}, "*": {"yes": 0.2, "no": 99.8}}
DISABILITY: Odds = {
    "0-12": {"yes": 10, "no": 90}, "65+": {"yes": 38, "no": 62}, "55-64": {"yes": 27, "no": 73},
    "*": {"yes": 19, "no": 81},
}  # fmt: skip

# When people are in touch: the months of a year, the days of a week, the hours of a day by channel.
SEASON = (1.04, 0.98, 1.03, 0.97, 1.0, 0.95, 0.96, 1.02, 1.0, 1.02, 1.08, 0.95)
GROWTH_A_MONTH = 1.006
WEEKDAY: Odds = {
    "email": {"mon": 22, "tue": 20, "wed": 19, "thu": 17, "fri": 12, "sat": 4, "sun": 6},
    "*": {"mon": 16, "tue": 15.5, "wed": 15, "thu": 14, "fri": 12.5, "sat": 12.5, "sun": 14.5},
}
_NIGHT = (
    3.2,
    2.6,
    2.0,
    1.5,
    1.1,
    0.9,
    1.1,
    1.6,
    2.6,
    3.8,
    4.6,
    4.9,
    4.7,
    4.8,
    4.9,
    5.2,
    5.2,
    5.0,
    5.4,
    6.2,
    7.2,
    7.6,
    6.6,
    4.8,
)
_OFFICE = (
    0.5,
    0.4,
    0.3,
    0.2,
    0.2,
    0.3,
    0.7,
    2.0,
    6.0,
    9.5,
    10,
    9.3,
    7.5,
    8.4,
    8.6,
    8.0,
    6.8,
    4.8,
    3.4,
    3.2,
    3.2,
    3.0,
    2.2,
    1.2,
)
HOUR: Odds = {
    "email": {f"{hour:02d}": weight for hour, weight in enumerate(_OFFICE)},
    "voice": {f"{hour:02d}": (a + b) / 2 for hour, (a, b) in enumerate(zip(_NIGHT, _OFFICE, strict=True))},
    "*": {f"{hour:02d}": weight for hour, weight in enumerate(_NIGHT)},
}
# Of an answered contact, by channel: the middle wait in seconds, and how far waits spread (of a log-normal).
WAIT: Mapping[str, tuple[float, float]] = {
    "webchat": (38, 1.2), "sms": (75, 1.3), "email": (5400, 1.1), "voice": (14, 1.0),
}  # fmt: skip
