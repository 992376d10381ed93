"""Walks, each with the place where it begins."""

from apps.community.demo.ideas.idea import PUBLIC, Idea

WALKS = [
    Idea(
        "A slow walk round the park",
        "An hour at most, and we stop whenever somebody wants to look at something. It is easier to "
        "talk when nobody has to look at anybody.",
        "17:30", 75, 6, PUBLIC, "The main gate of the park, under the clock",
    ),
    Idea(
        "Walk and hardly talk",
        "Side by side and mostly quiet. I carry a flask, and I am happy to be nodded at.",
        "10:30", 75, 4, PUBLIC, "The bench beside the library entrance",
    ),
    Idea(
        "The after-work loop",
        "Lit streets all the way, three quarters of an hour, and back where we began. Walk the day off "
        "with us.",
        "17:45", 60, 8, PUBLIC, "The steps of the town hall, on the left side",
    ),
    Idea(
        "Dogs welcome, people too",
        "My dog is called Biscuit and thinks everyone has come to see her. She may be right.",
        "10:00", 75, 6, PUBLIC, "The noticeboard at the edge of the green", has_animals=True,
    ),
    Idea(
        "A walk with many benches",
        "There is a place to sit every few minutes and we use most of them. For sore knees and long "
        "stories.",
        "14:30", 75, 6, PUBLIC, "The first bench inside the park gate",
    ),
    Idea(
        "Morning walk, warm flask",
        "Twice round, then tea out of real cups, because I carry them. You can join for one round only.",
        "10:00", 75, 5, PUBLIC, "The fountain in the park",
    ),
    Idea(
        "Looking up",
        "Roofs, windows, painted signs. We walk the streets we always hurry through and look at the "
        "part above the shops.",
        "14:00", 90, 6, PUBLIC, "Outside the post office",
    ),
    Idea(
        "Birds and buns",
        "Binoculars to share and a bag from the bakery. I know about five birds by name. We can learn a "
        "sixth.",
        "09:30", 90, 5, PUBLIC, "The footbridge in the park",
    ),
    Idea(
        "A walk for people who dread small talk",
        "I bring questions on slips of paper. Draw one, or leave them in the bag and just walk.",
        "18:00", 75, 6, PUBLIC, "The corner by the library, next to the bicycle stands",
    ),
    Idea(
        "The long way to the bakery",
        "Forty minutes there by back streets, ten minutes home. Nobody has to buy anything.",
        "10:30", 75, 5, PUBLIC, "The bus shelter by the old school",
    ),
    Idea(
        "New here? I will show you round",
        "Where to get a library card, good bread and a quiet bench. I wish that somebody had shown me.",
        "15:00", 90, 5, PUBLIC, "The information board at the station",
    ),
    Idea(
        "A gentle mile, wheels welcome",
        "Smooth, level paths all the way, with a café and a toilet at the turning point. Chairs, sticks "
        "and prams set the pace.",
        "14:00", 90, 8, PUBLIC, "The level entrance beside the playground", is_step_free=True,
    ),
    Idea(
        "Evening lights",
        "We watch the windows come on, one street at a time, and I walk with whoever would like company "
        "to their stop.",
        "18:15", 75, 6, PUBLIC, "Under the clock in the square",
    ),
    Idea(
        "Stroll and scribble",
        "Ten minutes of walking, ten of drawing whatever is there. I have paper and pencils. Nobody has "
        "to show theirs.",
        "17:00", 90, 5, PUBLIC, "The benches in front of the museum",
    ),
]  # fmt: skip
