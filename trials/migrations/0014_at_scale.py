"""Indexes for half a million trials and three million sites, made beside those who write.

Outside a transaction, as PostgreSQL wants it: whoever stops this half-way leaves some of it, so each step begins by taking that away.
"""

from django.db import migrations, models


class AddIndexBesideWriters(migrations.AddIndex):
    """Without a lock on PostgreSQL; SQLite knows no other way than its own."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute(f"DROP INDEX IF EXISTS {self.index.name}")
        model = to_state.apps.get_model(app_label, self.model_name)
        beside = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
        schema_editor.add_index(model, self.index, **beside)


class AddSitesOnMap(AddIndexBesideWriters):
    """On PostgreSQL a tree of points, for which the ORM has no words that SQLite understands; it has the same name and the same columns."""

    MADE = """CREATE INDEX CONCURRENTLY site_on_map ON trials_site USING gist (point(longitude, latitude))
        INCLUDE (trial_id, status, latitude, longitude) WHERE latitude IS NOT NULL"""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {self.index.name}")
            schema_editor.execute(self.MADE)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class RemoveIndexOnce(migrations.RemoveIndex):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute(f"DROP INDEX IF EXISTS {self.name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("trials", "0013_runs_in_order")]

    operations = [
        AddSitesOnMap(
            "site",
            models.Index(
                fields=["latitude", "longitude", "trial", "status"], condition=models.Q(latitude__isnull=False), name="site_on_map"
            ),
        ),
        RemoveIndexOnce("site", name="site_place"),
        AddIndexBesideWriters(
            "trial", models.Index(fields=["status", "record"], condition=models.Q(is_listed=True), name="trial_by_status")
        ),
        RemoveIndexOnce("trial", name="trials_tria_is_list_286d98_idx"),
    ]
