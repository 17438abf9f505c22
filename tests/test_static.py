"""Collecting static files: once for each content, however often the site starts."""

import gzip

import pytest
from django.core.management import call_command

from trialtracker.storage import StaticStorage

pytestmark = pytest.mark.storeless


def test_a_second_start_compresses_nothing_again_but_what_was_cut_short(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

    def collect():
        call_command("collectstatic", interactive=False, verbosity=0)
        return {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.gz")}

    first = collect()
    (whole,) = (path for path in first if path.name.startswith("site.") and path.name.endswith(".css.gz"))
    (cut,) = (path for path in first if path.name.startswith("site.") and path.name.endswith(".js.gz"))
    cut.write_bytes(cut.read_bytes()[:100])
    second = collect()

    assert second[whole] == first[whole]
    assert gzip.decompress(cut.read_bytes()) == cut.with_suffix("").read_bytes()


def test_what_no_page_asks_for_is_neither_collected_nor_compressed(settings, tmp_path, capsys):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, dry_run=True)
    collected = capsys.readouterr().out
    assert "swagger-ui-bundle.js'" in collected
    assert [folder for folder in ("redoc", "rest_framework") if f"/{folder}/" in collected] == []

    for name in ("some.js", "some.js.map"):
        (tmp_path / name).write_text("let a = 1;\n" * 200)
    assert {of for of, _ in StaticStorage(location=tmp_path).compress_files(["some.js", "some.js.map"])} == {"some.js"}
