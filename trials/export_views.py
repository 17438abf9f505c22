"""Any list for taking away, in the formats that need more than a line of text a row, and what all formats mean."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from trials import citations, exports, snapshots, tables
from trials.context import current_data
from trials.downloads import download, site_of
from trials.filters import TrialFilter
from trials.provenance import TERMS, provenance_of


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how it is called, what it is good for, its media type, and the function that yields it or writes it into a file."""

    extension: str
    name: str
    use: str
    media_type: str
    pieces: Callable | None = None
    write: Callable | None = None


FORMATS = (
    Format("jsonl", "JSON Lines", "One object a line, for scripts that read row by row; the first line is the provenance.",
           "application/jsonl; charset=utf-8", pieces=tables.as_jsonl),
    Format("xlsx", "Excel", "Numbers and dates as such; two more sheets say where it comes from and what the columns mean.",
           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write=tables.write_xlsx),
    Format("parquet", "Parquet", "Typed columns for R, Python and databases; the provenance is the file's metadata.",
           "application/vnd.apache.parquet", write=tables.write_parquet),
    Format("ris", "RIS", "References for Zotero, EndNote and the like; the first one cites the list.",
           "application/x-research-info-systems; charset=utf-8", pieces=citations.as_ris),
    Format("bib", "BibTeX", "References for LaTeX; the first one cites the list.",
           "application/x-bibtex; charset=utf-8", pieces=citations.as_bibtex),
)  # fmt: skip
BY_EXTENSION = {item.extension: item for item in FORMATS}


def _meta(request, trial_filter):
    address = f"{site_of(request)}{reverse('trials:list')}"
    return provenance_of(trial_filter, trial_filter.narrowed().count(), address, localdate()).as_dict()


@download(TrialFilter)
def export(request, trial_filter, now, extension):
    """The list as a file, streamed or from a temporary file: neither holds it in memory."""
    wanted = BY_EXTENSION[extension]
    meta = _meta(request, trial_filter)
    rows = exports.rows(trial_filter.qs, site_of(request))
    if wanted.pieces:
        response = StreamingHttpResponse(wanted.pieces(rows, meta), content_type=wanted.media_type)
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
        try:
            wanted.write(file, rows, meta)
        except tables.TooManyRows as error:
            return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
        file.seek(0)
        response = FileResponse(file, content_type=wanted.media_type)
    data = current_data()
    day = data.day.isoformat() if data.day else "undated"
    response["Content-Disposition"] = f'attachment; filename="trialtracker-{day}.{extension}"'
    return response


@download(TrialFilter)
def about_list(request, trial_filter, now):
    """Where a list comes from, alone: what goes with a CSV file, which has no place for it."""
    return JsonResponse(_meta(request, trial_filter), json_dumps_params={"ensure_ascii": False})


@require_safe
def data(request):
    """What can be taken away, and what every column means."""
    context = {"columns": exports.COLUMNS, "formats": FORMATS, "terms": TERMS, "modifications": exports.MODIFICATIONS}
    return render(request, "trials/data.html", context)


@require_safe
def snapshot_list(request):
    return render(request, "trials/snapshots.html", {"snapshots": snapshots.manifests()})


@require_safe
def snapshot_file(request, name, file):
    path = snapshots.file_of(name, file)
    if path is None:
        raise Http404("There is no such snapshot, or it has no such file.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}-{file}")
