"""What people of a demo town say on their pages: sentences that the app begins, finished by somebody."""

LANGUAGES = [
    "", "", "", "English, a little Polish", "Welsh and English", "Urdu, Punjabi, English", "English, some BSL",
    "Spanish; my English is slow", "Arabic, French, English", "Cantonese, English", "Somali, English, football",
    "Portuguese, English", "Turkish, German, a bit of everything", "English, and the kind of French one has at school",
]  # fmt: skip

SAYINGS = {
    "arriving": [
        "stand by the bookshelf for a while, and then I am fine",
        "come ten minutes early and go once around the block",
        "ask where the plates are; give me a job, and I am happy",
    ],
    "company-for": [
        "the market on Saturdays",
        "learning to bake a loaf that rises",
        "sitting in the park and saying little",
    ],
    "ask-me": ["moss", "slow trains", "what I would plant on a windowsill", "the worst play I have ever seen"],
    "a-meal": [
        "rice with whatever was left, on a roof, with the neighbours",
        "tomato soup in a motorway café, the day I moved here",
        "dumplings: eight pairs of hands, one small kitchen",
    ],
    "at-ease": ["somebody else is also bad at the game", "there is a dog under the table", "I know where the door is"],
    "good-evening": ["one pot, odd chairs, and nobody looking at the clock", "early, and ends with tea"],
    "when-quiet": ["I am listening", "I am looking for a word; it is on its way"],
    "feel-welcome": ["somebody hands me a knife and some carrots", "I am told what comes next"],
    "curious": ["how bridges are painted", "sourdough, still", "the names of clouds"],
    "could-show": ["how to fold a paper boat that floats", "where the blackberries are", "a card trick, nearly"],
    "would-learn": ["to whistle", "to mend a jumper", "three songs on the ukulele, not more"],
    "first-time": ["a film with no words in it", "hosting something, one day", "chess with somebody patient"],
    "small-thing": ["the first cup, before anybody speaks", "a bus that waits", "post that is not a bill"],
    "place-near": ["the bench behind the library", "the steps at the harbour, on a weekday"],
    "story": ["the goose and the number 76", "how I got locked into a museum, kindly"],
    "changed-mind": ["coriander", "Sundays", "whether I like surprises; I do not"],
    "makes-me-laugh": ["a recipe goes wrong in good company", "somebody reads a manual aloud"],
    "like-to-hear": ["their grandmother’s kitchen", "something they know far too much about"],
    "a-word": ["“hiraeth”", "“petrichor”", "“sobremesa”"],
    "when-it-rains": ["make soup for more people than there are", "answer letters, or mean to"],
}
