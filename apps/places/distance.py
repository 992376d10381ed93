"""Distances on a sphere (haversine): for ranking and for "4 km away", right to half a percent."""

from math import asin, cos, radians, sin, sqrt

from django.db.models import F, FloatField, IntegerField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cast, Cos, Least, Power, Radians, Round, Sin, Sqrt

EARTH = 6_371_008.8  # metres, the mean radius of WGS 84


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres between two points given in degrees."""
    north = sin(radians(other_latitude - latitude) / 2) ** 2
    east = sin(radians(other_longitude - longitude) / 2) ** 2
    chord = north + cos(radians(latitude)) * cos(radians(other_latitude)) * east
    return 2 * EARTH * asin(sqrt(min(1.0, chord)))  # rounding may carry antipodes just past 1


def metres_from(
    latitude: float, longitude: float, latitude_field: str = "latitude", longitude_field: str = "longitude"
) -> Combinable:
    """The same as an expression, in whole metres: `.annotate(metres=metres_from(51.45, -2.59))`."""
    there, east_of_there = F(latitude_field), F(longitude_field)
    north = Power(Sin(Radians(there - Value(latitude, FloatField())) / 2), 2)
    east = Power(Sin(Radians(east_of_there - Value(longitude, FloatField())) / 2), 2)
    chord = north + Cos(Radians(there)) * Value(cos(radians(latitude)), FloatField()) * east
    angle = ASin(Sqrt(Least(Value(1.0), chord, output_field=FloatField())))
    return Cast(Round(angle * Value(2 * EARTH)), IntegerField())
