"""The curators' place of work: Django's own admin, with rooms for what a curator does.

`judging` alone writes judgements and `therapies.admin` texts; what the registry says is read here and never edited. Rooms: `dashboard`
(the first page), `review` (the queue), `trials`, `records`, `judgements` (the log and its import), `bulk` (many at once), `runs` (syncs),
`schedules`, `people`, `rulebook`, `history`; `urls` says where the pages stand. Syncs are handed to Celery, never run in a request.
"""

from django.contrib import admin

from trials.admin import families, judgements, people, records, runs, schedules, trials  # noqa: F401 each registers what it shows

admin.site.site_header = "TrialTracker curating"
admin.site.site_title = "TrialTracker"
admin.site.index_template = "admin/dashboard.html"
admin.site.enable_nav_sidebar = False  # the lists need the width; the first page leads everywhere
