"""What is meant by each way of counting, and by codes that do not say so themselves; plain sentences, in English."""

DIMENSIONS = {
    "channel": "The way in which somebody reached the line.",
    "role": "Why this person is in touch: for what happened to them, for somebody else, or for what they did.",
    "age": "In years, as the person says it or as it comes up.",
    "gender": "As the person says it.",
    "ethnicity": "As the person says it. Who names several counts in each of them.",
    "region": "Where the person lives, by the regions of New Zealand.",
    "returning": "Whether the person has been in touch with this line before, as far as they say or the line knows.",
    "language": "The language in which they talked.",
    "interpreter": "Whether an interpreter helped in the talk.",
    "disability": "Whether the person says that they are disabled.",
    "harm": "What the contact was about. The counsellor picks the one that fits best.",
    "harm_when": "How long before the contact it happened.",
    "in_childhood": "Whether it happened when the person who was harmed was a child.",
    "relationship": "Who did it, as seen from the person who was harmed.",
    "need": "What the person wanted from the line. They may want several things, and count in each of them.",
    "outcome": "The furthest that the line went with this person.",
    "disclosure": "Whether a counsellor told somebody else, to keep a person safe. It is counted once a year.",
    "fate": "Whether somebody who got in touch talked with a counsellor, and when they left if not.",
    "wait": "From joining the queue until a counsellor was there.",
    "not_counselling": "Contacts that were answered, and turned out not to ask for help.",
}  # fmt: skip

CODES: dict[str, dict[str, str]] = {
    "role": {
        "survivor": "somebody who was harmed",
        "family": "a relative of somebody who was harmed",
        "own_behaviour": "they fear that they may harm somebody, or have done so",
        "others_behaviour": "they fear what somebody else does or may do",
        "professional": "somebody who asks in their job, such as a teacher or a nurse",
        "information": "they ask how things work, and not about a person",
    },
    "harm": {
        "adult_rape": "to somebody who was no longer a child",
        "adult_assault": "such as unwanted touching, to somebody who was no longer a child",
        "child_abuse": "to a child or young person",
        "harassment": "unwanted words, looks or messages, again and again",
        "online": "on the internet, or with pictures that were taken or shared",
        "exploitation": "sex for the gain of somebody else",
        "unsure": "the person does not know, or only fears, what happened",
        "not_disclosed": "the person chose not to say",
    },
    "harm_when": {"ongoing": "it had not stopped at the time of the contact"},
    "relationship": {
        "known": "a friend, a neighbour, somebody from work or school",
        "professional": "somebody whose job gave them power, such as a doctor or a coach",
    },
    "need": {
        "medical": "care of the body, such as a check by a doctor",
        "police": "what happens if one tells the Police",
        "safety": "they may be in danger now",
        "supporting": "how to help somebody else",
        "own_behaviour": "help to stop, or not to start, harming somebody",
        "acc": "a claim at ACC, which can pay for help after sexual harm",
    },
    "outcome": {
        "supported": "they talked, and no more was needed",
        "signposted": "they were told about a service, and get in touch with it themselves",
        "referral_offered": "the line offered to bring them to a service",
        "referral_accepted": "they said yes, and the line asked the service",
        "referral_reached": "the service says that they are in touch",
    },
    "fate": {
        "left_before_queue": "they left before they joined the queue",
        "left_within_10s": "they left the queue at once",
        "left_informed": "they left after they heard the recorded words",
    },
    "not_counselling": {
        "silent": "nobody said or wrote anything",
        "test": "somebody of the line tried it out",
        "abusive": "somebody was in touch for sexual pleasure, and not for help",
    },
}

NOT_STATED = "it did not come up, or the person did not say"
