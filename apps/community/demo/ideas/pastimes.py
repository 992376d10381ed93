"""Tea, games, making, quiet company and whatever else people do together."""

from apps.community.demo.ideas.idea import COMMUNITY, PUBLIC, Idea

TEAS = [
    Idea(
        "Tea at the kitchen table",
        "Two pots, one without caffeine, and a cake that leans. Stay for a cup or for the afternoon.",
        "15:00", 105, 4,
    ),
    Idea(
        "Coffee with people you do not know yet",
        "There is a paper boat on our table, so you will not have to guess. I am early and I read until "
        "you come.",
        "17:30", 75, 6, PUBLIC, "The corner café, at the round table in the back",
    ),
    Idea(
        "Chai at dusk",
        "It takes twenty minutes to make and I like company while it does. Sweet, or not so sweet, you "
        "decide.",
        "17:00", 90, 4, has_animals=True,
    ),
    Idea(
        "Cake that came out flat",
        "Baking is my way of being nervous. Come and help me get rid of the results.",
        "15:30", 90, 5, COMMUNITY,
    ),
]  # fmt: skip

GAMES = [
    Idea(
        "Cards for people who forget the rules",
        "Three easy games, explained as often as we need. Losing is the better seat: you may fetch the "
        "biscuits.",
        "18:30", 120,
    ),
    Idea(
        "A jigsaw with far too much sky",
        "A thousand pieces, one big table. Hands busy, heads free, talk if it comes.",
        "18:00", 150, 6, COMMUNITY,
    ),
    Idea(
        "Board games with short rules",
        "Nothing that takes longer than half an hour, and you can watch a round first.",
        "19:00", 150, 5, has_animals=True,
    ),
    Idea(
        "Dominoes and mint tea",
        "We play as my grandparents did, slowly and with a lot of muttering.",
        "18:30", 120, 3,
    ),
]  # fmt: skip

MAKING = [
    Idea(
        "Mending by lamplight",
        "Bring the sock, the button, the torn pocket. I have thread in every colour and some patience "
        "to lend.",
        "18:30", 120, 5,
    ),
    Idea(
        "Knitting, and also unravelling",
        "Wool and needles for beginners are there. My scarf has been at the same length for two years.",
        "14:00", 120, 6, COMMUNITY,
    ),
    Idea(
        "Lanterns out of jam jars",
        "Paper, paste and a small light inside. You take yours home, and it looks well in a window.",
        "17:30", 120, 6,
    ),
    Idea(
        "Bring a thing that is broken",
        "A toaster, a zip, a chair leg. Somebody usually knows how. If nobody does, there is tea.",
        "14:00", 150, 10, COMMUNITY,
    ),
]  # fmt: skip

QUIET = [
    Idea(
        "Reading in the same room",
        "Bring a book, take a chair. We read for an hour and say good night. That is all, and it is "
        "lovely.",
        "19:00", 90, 6,
    ),
    Idea(
        "Letters nobody has to send",
        "Paper, envelopes and quiet. Write to somebody, or to yourself, and take it with you.",
        "18:30", 90, 5, COMMUNITY,
    ),
    Idea(
        "Getting the dull things done",
        "Forms, bills, that one e-mail. It is easier beside other people doing theirs. I make the tea.",
        "17:30", 120, 5,
    ),
    Idea(
        "An hour of nothing much",
        "Cushions, a low lamp, an old cat asleep on one of them. Being tired is reason enough to come.",
        "19:00", 75, 4, has_animals=True,
    ),
]  # fmt: skip

OTHERS = [
    Idea(
        "Singing for people who do not sing",
        "Easy rounds, no notes to read, nobody on their own. You may move your lips and only listen.",
        "18:30", 90, 12, COMMUNITY,
    ),
    Idea(
        "Bring one song",
        "Each of us plays one song and says why, or does not say. I have the speaker and the biscuits.",
        "19:00", 120, 6,
    ),
    Idea(
        "Cuttings and seedlings, swapped",
        "My spider plant has had children again. Take one, leave one, or ask me why yours sulks.",
        "16:00", 90, 8, COMMUNITY,
    ),
    Idea(
        "Practise any language",
        "Two tables, slow voices, a lot of pointing. Mistakes are how we know that it is working.",
        "18:00", 105, 8, COMMUNITY,
    ),
]  # fmt: skip
