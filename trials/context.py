"""What every page says of the data as a whole: which day's registry it shows, and whether it is only the bundled starter set."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Value, When
from django.utils.functional import SimpleLazyObject

from trials.models import SyncRun

LIVE = (SyncRun.Kind.FULL, SyncRun.Kind.UPDATED)


@dataclass(frozen=True, slots=True)
class DataStatus:
    """`kind` is `live`, `files`, `starter` or `none`. `timestamp` is the registry's own, as it gave it; `day` its date or, for record
    files, which carry no timestamp, that of the latest update in them."""

    kind: str = "none"
    timestamp: str = ""
    day: dt.date | None = None

    @property
    def is_starter(self) -> bool:
        return self.kind == "starter"

    @property
    def is_live(self) -> bool:
        return self.kind == "live"


def current_data() -> DataStatus:
    """What is shown now: the last complete sync with the registry, else what was read last. One query."""
    rank = Case(When(kind__in=LIVE, then=Value(0)), When(kind=SyncRun.Kind.FILE, then=Value(1)), default=Value(2))
    runs = SyncRun.objects.filter(state=SyncRun.State.COMPLETE).exclude(kind=SyncRun.Kind.CHOSEN)
    run = runs.order_by(rank, "-started_at").first()
    if run is None:
        return DataStatus()
    kind = "live" if run.kind in LIVE else "files" if run.kind == SyncRun.Kind.FILE else "starter"
    try:
        day = dt.date.fromisoformat(run.data_timestamp[:10])
    except ValueError:
        day = run.latest_update
    return DataStatus(kind, run.data_timestamp, day)


def data_status(request):
    """Context processor: `data`, looked up only where a page shows it."""
    return {"data": SimpleLazyObject(current_data)}
