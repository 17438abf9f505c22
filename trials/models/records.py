"""Each study as the registry sent it, in or out of scope."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

nct_id_validator = RegexValidator(r"^NCT\d{8}$", "An NCT id is NCT and eight digits, as in NCT00273364.")


class RecordQuerySet(models.QuerySet):
    def locked(self):
        """Held until the transaction ends, and taken in one order by all who write several: none waits for one that waits for it.

        What a record's judgements and conclusions are is read after that; nobody writes them meanwhile.
        """
        return self.select_for_update().order_by("pk")


class Record(models.Model):
    """One study as the registry sent it, in or out of scope: the compressed record, its hash, and where the scope decision came from.

    `payload` is the record's JSON, zstandard-compressed (`payload.pack`, `payload.unpack`); everything else about a study can be rebuilt
    from it without the network. `content_hash` is filled no longer: what it told is asked of the payload. It goes with the next release.
    """

    id = models.BigIntegerField("study number", primary_key=True)
    nct_id = models.CharField("NCT id", max_length=11, unique=True, validators=[nct_id_validator])
    payload = models.BinaryField()
    content_hash = models.BinaryField(max_length=16)
    raw_hash = models.BinaryField(
        max_length=16, blank=True, default=bytes, help_text="Of the JSON as it came; empty where each run must read the study."
    )
    last_update_posted = models.DateField(null=True, blank=True)
    in_scope = models.BooleanField(default=False)
    scope_reason = models.TextField(blank=True, help_text="Why the study is in or out of scope.")
    nearly_in_scope = models.BooleanField(default=False, help_text="Out of scope, but a rule saw its words somewhere.")
    in_sweep = models.BooleanField(
        default=False, help_text="The scope's own query has answered it; else a curator or a file brought it in."
    )
    is_starter = models.BooleanField(default=False, help_text="Facts bundled with the software, not the registry's record.")
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When a sync last found it new or changed.")
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text="When a complete sync first missed it; empty while the registry lists it."
    )
    is_new_in_scope = models.BooleanField(
        default=False, help_text="It came into scope after the first complete sweep: somebody looks at it once."
    )
    derived_version = models.CharField(max_length=40, blank=True, help_text="The version of the rules behind what is shown.")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["nct_id"]
        indexes = [
            models.Index(fields=["in_scope", "nct_id"]),
            models.Index(fields=["nct_id"], condition=Q(nearly_in_scope=True), name="record_nearly_in_scope"),
        ]

    def __str__(self):
        return self.nct_id
