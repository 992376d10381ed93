"""What hosts of a demo town say of a walk, a tea, games, making or quiet company. An empty one leaves it unsaid."""

DETAILS: dict[str, list[str]] = {
    "meeting_point": [
        "To the left of it, out of the wind. I carry a yellow umbrella.",
        "On the side where the sun is; look for the flask.",
        "I stand where the path begins, in a red scarf.",
    ],
    "walk_length": ["About 3 km, an hour with stops", "4 km, on the flat", "2 km there, and the same way back", ""],
    "pace": ["slow", "easy", "easy", "brisk", ""],
    "surface": ["Paved and level", "Gravel paths; a pram comes along well", "A field path, muddy after rain", ""],
    "toilets": ["At the café half-way, without a step", "None on the way", "At the start, in the library", ""],
    "in_rain": ["We go all the same, with umbrellas", "We sit in the nearest café instead", ""],
    "who_pays": ["The pot is on me", "Each their own; tap water is free", ""],
    "treats": ["I bake a cake", "Biscuits, some without gluten", "Only tea; eat before", ""],
    "which_games": ["Cards, and whatever you bring", "Something new to all of us", "Dominoes and a story game"],
    "players": ["Four at a time; we swap", "As many as come", ""],
    "rules": ["I explain them; the first round does not count", "Nobody needs to know any", ""],
    "what_is_made": ["Whatever you have to mend", "Cards from old maps", "Something small out of wool"],
    "materials": ["Everything is there", "Bring one thing with a hole in it", "Scissors if you have some", ""],
    "quiet_means": [
        "Everyone reads or works; nobody talks until the tea at the end.",
        "Whispering is fine. Headphones, too.",
        "You may sleep.",
    ],
}
