"""Where the people of a demo town live and meet. Every address is made up; the points of areas are rough."""

from dataclasses import dataclass
from math import cos, radians, sin, tau
from random import Random

from apps.community.demo.ideas.idea import COMMUNITY, PUBLIC, Idea
from apps.places.grid import snapped
from apps.places.models import Town

KM_PER_DEGREE = 111.2  # of latitude
FURTHEST_KM = 3.2  # of an area from the town's centre: snapped to the grid it stays within 4 km

BRISTOL = {
    "Southville": (51.4405, -2.6035),
    "St Pauls": (51.4630, -2.5830),
    "Easton": (51.4640, -2.5640),
    "Bedminster": (51.4365, -2.5985),
    "Totterdown": (51.4405, -2.5760),
    "Montpelier": (51.4670, -2.5885),
    "Clifton": (51.4560, -2.6190),
    "St Werburghs": (51.4715, -2.5735),
    "Windmill Hill": (51.4365, -2.5860),
    "Bishopston": (51.4790, -2.5920),
    "Redland": (51.4710, -2.6060),
    "Cotham": (51.4645, -2.5990),
    "Hotwells": (51.4490, -2.6160),
    "Barton Hill": (51.4555, -2.5660),
    "St George": (51.4610, -2.5460),
    "Fishponds": (51.4815, -2.5300),
    "Knowle": (51.4285, -2.5700),
    "Horfield": (51.4895, -2.5850),
}
ANYWHERE = [
    "The old town", "Near the station", "By the river", "Behind the market hall", "Around the library",
    "Near the university", "By the park", "The garden quarter", "The north side", "The south side",
    "Near the bus depot", "By the old school", "Around the theatre", "The new quarter",
    "Near the swimming pool", "By the water tower",
]  # fmt: skip

STREETS = [
    "Teapot Lane", "Saucepan Row", "Quince Street", "Ladle Court", "Marmalade Street", "Cinnamon Yard",
    "Spoon Lane", "Breadboard Street", "Sorrel Terrace", "Candlewick Road", "Little Kettle Street",
    "Thimble Lane", "Nutmeg Walk", "Three Chairs Lane", "Bay Leaf Street", "Apron Street", "Mulberry Steps",
    "Tablecloth Row", "Dill Street", "Old Oven Lane",
]  # fmt: skip
DOORS = [
    "the green door", "the blue door", "the yellow door beside the bicycle", "ring twice",
    "the bell is the lower one", "knock, the bell is shy", "through the side gate",
    "the door with the wreath",
]  # fmt: skip
WAYS_IN: list[tuple[str, bool | None]] = [
    ("Level from the street to the table; the door is wide.", True),
    ("The bus stops outside. A lift goes up to us, and no step anywhere.", True),
    ("Ground floor. There is a ramp over the one step by the door.", True),
    ("Five steps with a rail, then level. I am glad to lend an arm.", False),
    ("Third floor, no lift. There is a chair on the second landing.", False),
    ("Two minutes from the tram or bus. One flight of stairs, well lit.", False),
    ("Four steps down into the kitchen; mind your head.", False),
    ("The gate sticks, push it. I put a lantern out.", None),
    ("Buses stop at the corner. I come down to the street for anyone who would like that.", None),
    ("", None),
]
MEETING: list[tuple[str, bool | None]] = [
    ("The bus stops across the road. I carry a yellow umbrella, open in any weather.", None),
    ("Level ground. I wear a red scarf and I am there first.", True),
    ("A few steps up from the street; there is a ramp round the corner.", True),
    ("Look for the person with the flask. I wait ten minutes for late buses.", None),
    ("A kerb and some cobbles on the way.", False),
    ("", None),
]


@dataclass(frozen=True)
class Place:
    """A point is (latitude, longitude) in degrees, snapped to the grid; None when the host gave none."""

    area: str
    point: tuple[float, float] | None
    address: str
    way_in: str
    is_step_free: bool | None
    is_animal_free: bool | None = None


class Map:
    """The areas of one town, its members' homes, and its places to meet."""

    def __init__(self, town: Town, rng: Random) -> None:
        self.rng = rng
        known = BRISTOL if town.slug == "bristol-gb" else {area: self.near(town) for area in ANYWHERE}
        self.areas = [(area, snapped(*point)) for area, point in known.items()]
        self.houses: set[str] = set()
        self.rooms = Place(
            *self.areas[1],
            "Community House, 4 Meeting Lane: the long room behind the garden",
            "Level all the way from the street. The door has a button at elbow height.",
            is_step_free=True,
            is_animal_free=True,
        )

    def near(self, town: Town) -> tuple[float, float]:
        """A point within FURTHEST_KM of the town's centre."""
        km, bearing = self.rng.uniform(0.4, FURTHEST_KM), self.rng.uniform(0, tau)
        north, east = km * cos(bearing) / KM_PER_DEGREE, km * sin(bearing) / KM_PER_DEGREE
        longitude = town.longitude + east / cos(radians(town.latitude))
        return town.latitude + north, (longitude + 180) % 360 - 180

    def meis_home(self) -> Place:
        """The one that a look around begins with: it says nearly all that guests want to know."""
        way_in, is_step_free = WAYS_IN[0]
        return Place(*self.areas[0], self.address(), way_in, is_step_free)

    def home(self) -> Place:
        """One in ten hosts gives no point, so that pages have to say the town alone."""
        area, point = self.rng.choice(self.areas)
        gives_point = self.rng.random() < 0.9
        way_in, is_step_free = self.rng.choice(WAYS_IN)
        is_animal_free = self.rng.choice([True, True, None, False])
        return Place(area, point if gives_point else None, self.address(), way_in, is_step_free, is_animal_free)

    def address(self) -> str:
        """One that nobody else in this town has."""
        house = self.house(98)
        while house in self.houses:
            house = self.house(998)
        self.houses.add(house)
        flat = f"Flat {self.rng.randint(2, 9)}, " if self.rng.random() < 0.35 else ""
        return f"{flat}{house}: {self.rng.choice(DOORS)}"

    def house(self, highest: int) -> str:
        return f"{self.rng.randint(1, highest)} {self.rng.choice(STREETS)}"

    def place_for(self, idea: Idea, home: Place) -> Place:
        """Where the member of this home carries the idea out."""
        if idea.setting == PUBLIC:
            return self.outside(idea)
        return self.rooms if idea.setting == COMMUNITY else home

    def outside(self, idea: Idea) -> Place:
        area, point = self.rng.choice(self.areas)
        fitting = [way for way in MEETING if idea.is_step_free in (None, way[1])]
        way_in, is_step_free = self.rng.choice(fitting)
        return Place(area, point, idea.place, way_in, is_step_free)
