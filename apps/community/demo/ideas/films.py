"""Movie nights, at home, in our rooms and at the cinema."""

from apps.community.demo.ideas.idea import COMMUNITY, PUBLIC, Idea

MOVIE_NIGHTS = [
    Idea(
        "Totoro under blankets",
        "A gentle film, a deep sofa and hot chocolate. If you fall asleep we turn the sound down.",
        "19:00", 120,
    ),
    Idea(
        "Paddington 2, with sandwiches",
        "For everyone who could do with two hours of kindness. Marmalade or not, as you prefer.",
        "18:30", 135, 6,
    ),
    Idea(
        "Black and white and popcorn",
        "An old comedy that still works. The lamp stays on in the corner, and the door is never locked.",
        "19:30", 135,
    ),
    Idea(
        "Short films, long sofa",
        "Six little films with a pause after each. Say something about them, or go and put the kettle "
        "on.",
        "19:00", 135, 6,
    ),
    Idea(
        "Something with subtitles",
        "We read along, so it does not matter how well anybody hears, or which language they dream in.",
        "19:15", 135,
    ),
    Idea(
        "The film you never finished",
        "Bring the name of one you fell asleep in. We draw lots and see how it ends.",
        "19:30", 150, 4,
    ),
    Idea(
        "A musical, humming allowed",
        "Loud in places, so there are ear plugs in a bowl and a quiet kitchen next door.",
        "19:00", 150, 7, COMMUNITY,
    ),
    Idea(
        "Whales, slowly",
        "A nature film with no plot to keep up with. Good for tired people. I have beanbags and one "
        "very good armchair.",
        "19:00", 105, 4,
    ),
    Idea(
        "The cheap seats, together",
        "I have gone to the cinema alone for years. We meet in the foyer, sit in a row, and have tea "
        "afterwards or go straight home.",
        "18:45", 150, 5, PUBLIC, "The foyer of the little cinema, by the noticeboard",
    ),
    Idea(
        "A detective story and cocoa",
        "We stop before the end, everyone guesses, and nobody minds being wrong.",
        "19:30", 135, 6, has_animals=True,
    ),
    Idea(
        "A film from far away",
        "Each time a country none of us knows well. I read up a little beforehand so that you need not.",
        "19:00", 150, 8, COMMUNITY,
    ),
    Idea(
        "Stop-motion and soup in mugs",
        "Clay, patience and a happy ending. We eat on our laps; the carpet has seen worse.",
        "18:30", 120,
    ),
]  # fmt: skip
