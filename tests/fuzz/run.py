"""One target fed by atheris, to the end of the process: `python -m tests.fuzz.run NAME INPUTS SEED FOLDER`; see `tests.fuzz.__main__`."""

import os
import sys
from pathlib import Path

import atheris

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

with atheris.instrument_imports(include=["trials", "therapies", "alerts", "tests.fuzz.targets"]):
    import django

    django.setup()
    from tests.fuzz import targets

from django.conf import settings
from django.db import connection
from django.test.utils import setup_test_environment


def main(name: str, inputs: str, seed: str, folder: str) -> None:
    target = targets.TARGETS[name]
    if target.needs_database:
        settings.API_REQUESTS_PER_MINUTE = 1_000_000_000
        setup_test_environment()
        connection.creation.create_test_db(verbosity=0)
        targets.lay_out()
    seeds = Path(folder) / "seeds"
    seeds.mkdir()
    for number, seed_bytes in enumerate(target.seeds):
        (seeds / f"{number}").write_bytes(seed_bytes)
    options = [f"-runs={inputs or target.inputs}", f"-seed={seed}", "-max_len=4096", "-timeout=60", "-rss_limit_mb=4096", "-len_control=20"]
    options += ["-print_final_stats=1", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, str(seeds)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
