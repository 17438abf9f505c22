"""`manage.py explain` tells the whole reasoning on a stored record, as lines to read and as JSON."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.studies import drug_study, msc_study, write_jsonl
from trials.derive import VERSION
from trials.sync import Request, sync

pytestmark = pytest.mark.django_db

CRITERIA = (
    "Inclusion Criteria:\n\n* RRMS\n* EDSS > 2.0 and ≤ 6.5\n* Disease duration 2 to 10 years\n\n"
    "Exclusion Criteria:\n\n* Pregnancy\n* Prior HSCT"
)


@pytest.fixture
def stored(tmp_path):
    sync(Request(files=(write_jsonl(tmp_path / "studies.jsonl", [msc_study(1, criteria=CRITERIA), drug_study(2, criteria=CRITERIA)]),)))


def told(capsys, *arguments):
    call_command("explain", *arguments)
    return capsys.readouterr().out


def test_lines(stored, capsys):
    lines = told(capsys, "NCT00000001").splitlines()
    assert lines[0] == "NCT00000001  Mesenchymal Stem Cells for Multiple Sclerosis"
    for line in [
        f"  listed: yes; rules {VERSION}",
        "    condition: studied (0.95, ms-named): “Multiple Sclerosis” in conditions[0]",
        "  msc (treatment)",
        "    approach: msc (0.95, msc-named): “mesenchymal stem cells” in interventions[0].name",
        "    donor: autologous (0.95, donor-autologous): “Autologous” in interventions[0].name",
        "    edss: over 2 to 6.5 (“EDSS > 2.0 and ≤ 6.5”)",
        "    years since onset: from 2 to 10 (“Disease duration 2 to 10 years”)",
        "    ms courses: RRMS “RRMS”",
        "    pregnancy: excluded (“Pregnancy”)",
        "    previous stem cells: excluded (“Prior HSCT”)",
        "    treatment failure: not stated",
    ]:
        assert line in lines


def test_json_holds_the_same(stored, capsys):
    reasons = json.loads(told(capsys, "NCT00000001", "--json"))
    assert (reasons["nct_id"], reasons["rules"], reasons["in_scope"], reasons["is_listed"]) == ("NCT00000001", VERSION, True, True)
    (approach,) = reasons["approaches"]
    assert {(finding["kind"], finding["value"]) for finding in approach["findings"]} >= {
        ("approach", "msc"), ("role", "treatment"), ("therapy", "bm-msc"), ("donor", "autologous"), ("cell_source", "bone marrow"),
    }  # fmt: skip
    edss = reasons["eligibility"]["edss"]
    assert (edss["minimum"], edss["maximum"]) == ({"value": 2.0, "inclusive": False}, {"value": 6.5, "inclusive": True})
    assert [criterion["kind"] for criterion in reasons["eligibility"]["criteria"]] == ["inclusion"] * 3 + ["exclusion"] * 2


def test_a_study_without_cells_is_explained_too(stored, capsys):
    text = told(capsys, "nct00000002")
    assert "out of scope" in text
    assert "only mentioned: “HSCT” in eligibility_criteria (hsct-abbreviation)" in text


def test_what_is_not_here_is_said_after_what_is(stored, capsys):
    with pytest.raises(CommandError, match=r"sync_trials --nct-id NCT00000008 NCT00000009$") as left:
        call_command("explain", "NCT00000008", "NCT00000001", "NCT00000009")
    assert left.value.returncode == 1
    assert capsys.readouterr().out.startswith("NCT00000001  ")
    with pytest.raises(CommandError, match="x1") as left:
        call_command("explain", "NCT00000001", "x1")
    assert left.value.returncode == 2
    assert capsys.readouterr().out == ""
