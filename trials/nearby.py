"""How far the sites of trials are from a place: measured, and narrowed to what an index can answer, inside the database.

Two small back ends: PostgreSQL keeps the sites in a tree of points, which also gives the nearest so many; SQLite in the order of their
latitudes. Knows sites and places; knows nothing of trials.
"""

import math
from collections.abc import Callable, Iterator

from django.db import connection, models
from django.db.models import ExpressionWrapper, F, FloatField, Func, QuerySet, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from trials.places import EARTH_KM, KM_PER_DEGREE, Place

NEAREST = 2_000
"""Sites that are put in the order of their distance: so many take milliseconds, and hold a page of trials unless few pass the filters."""

FIRST_KM = 12
"""The radius of the smallest ring where nothing says how wide it should be; an empty ring costs next to nothing."""

FARTHEST_KM = math.pi * EARTH_KM


def kilometres_from(place: Place) -> ExpressionWrapper:
    """The great-circle distance of a site's place from another, by the haversine formula; None for sites without coordinates."""
    latitude, longitude = math.radians(place.latitude), math.radians(place.longitude)
    haversine = Power(Sin((Radians("latitude") - latitude) / 2), 2) + math.cos(latitude) * Cos(Radians("latitude")) * Power(
        Sin((Radians("longitude") - longitude) / 2), 2
    )
    return ExpressionWrapper(2 * EARTH_KM * ASin(Least(Sqrt(haversine), Value(1.0))), FloatField())


class InBox(Func):
    """Whether a site lies in the rectangle of degrees that holds a circle; towards a pole or the date line, any longitude does."""

    output_field = models.BooleanField()

    def __init__(self, place: Place, kilometres: float):
        super().__init__(F("latitude"), F("longitude"))
        north = kilometres / KM_PER_DEGREE
        highest = abs(place.latitude) + north
        east = north / math.cos(math.radians(highest)) if highest < 85 else 180
        whole = abs(place.longitude) + east >= 180
        self.latitudes = (place.latitude - north, place.latitude + north)
        self.longitudes = (-180.0, 180.0) if whole else (place.longitude - east, place.longitude + east)

    def as_sqlite(self, compiler, connection, **context):
        latitude, longitude = (compiler.compile(column)[0] for column in self.source_expressions)
        return f"({latitude} BETWEEN %s AND %s AND {longitude} BETWEEN %s AND %s)", [*self.latitudes, *self.longitudes]

    def as_postgresql(self, compiler, connection, **context):
        latitude, longitude = (compiler.compile(column)[0] for column in self.source_expressions)
        corners = [place for corner in zip(self.longitudes, self.latitudes, strict=True) for place in corner]
        return f"point({longitude}, {latitude}) <@ box(point(%s, %s), point(%s, %s))", corners


class _DegreesFrom(Func):
    """How far a site is on a flat map, by which the index on PostgreSQL can order; the globe's order is another, but not by much."""

    output_field = models.FloatField()

    def __init__(self, place: Place):
        super().__init__(F("longitude"), F("latitude"))
        self.point = [place.longitude, place.latitude]

    def as_postgresql(self, compiler, connection, **context):
        longitude, latitude = (compiler.compile(column)[0] for column in self.source_expressions)
        return f"(point({longitude}, {latitude}) <-> point(%s, %s))", self.point


def rings(place: Place, sites: QuerySet, reach: Callable[[QuerySet], float | None]) -> Iterator[float]:
    """Yield the kilometres of one ring after the other around a place, each twice as wide, up to the whole earth.

    `reach` says within how many kilometres some of the sites hold what is wanted, None where they do not. On PostgreSQL it is asked of
    the nearest few, so that the first ring is as wide as need be, be it in a city or far from any.
    """
    kilometres = FIRST_KM
    if connection.vendor == "postgresql":
        measured = sites.model.objects.filter(latitude__isnull=False).annotate(degrees=_DegreesFrom(place)).order_by("degrees")
        degrees = measured.values_list("degrees", flat=True)[NEAREST : NEAREST + 1].first()
        kilometres = FARTHEST_KM if degrees is None else degrees * KM_PER_DEGREE
        kilometres = reach(sites.filter(InBox(place, kilometres * math.cos(math.radians(place.latitude))))) or kilometres
    while kilometres < FARTHEST_KM:
        yield kilometres
        kilometres *= 2
    yield FARTHEST_KM
