"""What is shown at the movie nights of a demo town: one film, or several that the guests choose from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Feature:
    title: str
    year: int
    minutes: int
    language: str = "English"
    captions: str = "captions"
    captions_language: str = "English"
    why: str = ""
    content: tuple[str, ...] = ()
    content_words: str = ""

    @property
    def said(self) -> dict[str, Any]:
        return {**vars(self), "content": list(self.content)}


FEATURES = {
    "Totoro under blankets": [
        Feature("My Neighbour Totoro", 1988, 86, why="Nothing bad happens in it, and there is a bus that is a cat.",
                content=("illness",), content_words="The mother is in hospital, and gets better."),
    ],
    "Paddington 2, with sandwiches": [
        Feature("Paddington 2", 2017, 103, why="A bear goes to prison and makes everyone there kinder.",
                content=("shocks",), content_words="He is in danger once, and is well after it."),
    ],
    "Black and white and popcorn": [
        Feature("The General", 1926, 78, "", "none", "", "A railway, a brave fool, and not one word.", ("war",)),
        Feature("Bringing Up Baby", 1938, 102, why="Two people, a leopard, and no peace at all."),
        Feature("The Lady Vanishes", 1938, 96, why="Everyone on the train says that there was no such lady.",
                content=("violence",)),
    ],
    "Something with subtitles": [
        Feature("The Lunchbox", 2013, 104, "Hindi", "subtitles", why="Two strangers write to one another by lunch."),
        Feature("Amélie", 2001, 122, "French", "subtitles", why="A whole town, set right by somebody shy.",
                content=("sex",)),
        Feature("Good Bye, Lenin!", 2003, 121, "German", "subtitles", why="A son keeps a country going in one flat.",
                content=("death", "illness")),
    ],
    "A musical, humming allowed": [
        Feature("Singin’ in the Rain", 1952, 103, why="For the umbrella alone."),
    ],
    "A detective story and cocoa": [
        Feature("Knives Out", 2019, 130, why="A big house, and everyone in it has a reason.",
                content=("blood", "suicide")),
        Feature("The Thin Man", 1934, 91, why="The best dog in any detective story.", content=("violence", "drugs")),
    ],
    "A film from far away": [
        Feature("The Cave of the Yellow Dog", 2005, 93, "Mongolian", "subtitles", why="A girl, a dog, a lot of sky."),
        Feature("Honeyland", 2019, 89, "Turkish", "subtitles", why="Half of the honey is for the bees.",
                content=("death", "animals")),
        Feature("Yi Yi", 2000, 173, "Mandarin", "subtitles", why="Long, and nobody has ever been sorry.",
                content=("death", "suicide")),
    ],
    "Stop-motion and soup in mugs": [
        Feature("My Life as a Courgette", 2016, 66, "French", "subtitles", why="Sad at first, and very kind.",
                content=("death", "abuse")),
    ],
}  # fmt: skip
