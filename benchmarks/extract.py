"""Studies read a second, on one core: `python -m benchmarks.extract [--seconds 3]`.

Reads the eligibility of made-up studies in the form and length of real ones, and, where the records lie
beside the repository, of every real study that has criteria. Each figure is the median of rounds, in
seconds of one processor core; parsing of the records is not in it.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from tests.records import RECORDS, read_records
from trials.eligibility import extract

INCLUSION = (
    "Age 18 to 55 years, inclusive, at the time of consent",
    "Relapsing-remitting MS, or secondary progressive MS with superimposed relapses, by the 2017 McDonald criteria",
    "Expanded Disability Status Scale (EDSS) score of 3.0 to 6.5 at screening and baseline",
    "Disease duration of 2 to 15 years since the first symptoms",
    "At least two documented relapses, or one relapse and one gadolinium-enhancing lesion, within the past 24 months",
    "Failure of at least two approved disease-modifying treatments, each taken for six months or longer",
    "An increase of ≥ 1.0 EDSS point (if baseline EDSS ≤ 5.0) or ≥ 0.5 point (if baseline EDSS ≥ 5.5) in the past year",
    "Able to give written informed consent and to attend every visit of the study",
)
EXCLUSION = (
    "Primary progressive MS, or secondary progressive MS without relapses",
    "Pregnancy, breast-feeding, or unwillingness to use effective contraception throughout the study",
    "Prior treatment with any stem cell therapy, or total lymphoid irradiation",
    "Relapse or treatment with corticosteroids within 30 days before randomisation",
    "Renal insufficiency, with an estimated glomerular filtration rate below 60 mL/min/1.73 m2",
    "History of malignancy other than basal cell carcinoma of the skin or carcinoma in situ of the cervix",
    "Active or chronic infection with hepatitis B or C virus, HIV, or untreated tuberculosis",
    "Contraindication to MRI, such as a pacemaker, metal implants or an allergy to gadolinium",
)


def made_up(count: int = 200) -> list[dict]:
    """Arguments for `extract`, of studies that differ in order and numbers; about 3,000 characters of criteria each."""
    studies = []
    for number in range(count):
        turn = number % 8
        lines = [*INCLUSION[turn:], *INCLUSION[:turn]], [*EXCLUSION[turn:], *EXCLUSION[:turn]] * 2
        text = "\n\n".join(
            f"{heading} Criteria:\n\n" + "\n".join(f"* {line} ({number})" for line in part)
            for heading, part in zip(("Inclusion", "Exclusion"), lines, strict=True)
        )
        studies.append({"criteria": text, "titles": (f"Cells in multiple sclerosis {number}",), "conditions": ("Multiple Sclerosis",)})
    return studies


def real() -> list[dict]:
    """Arguments for `extract`, of all the real studies with criteria; [] where the records are absent."""
    if not RECORDS.is_dir():
        return []
    studies = []
    for name in ("ms_2025", "stem_cell_2022", "mixed_v2"):
        for record in read_records(f"registry/{name}.jsonl.gz"):
            section = record["protocolSection"]
            text = section.get("eligibilityModule", {}).get("eligibilityCriteria", "")
            if text:
                title = section["identificationModule"].get("briefTitle", "")
                conditions = tuple(section.get("conditionsModule", {}).get("conditions", ()))
                studies.append({"criteria": text, "titles": (title,), "conditions": conditions})
    return studies


def rate(read: Callable[..., object], studies: Sequence[dict], seconds: float) -> float:
    """Studies a second of processor time: the median of as many whole rounds as fit in the time, three at least."""
    rounds, until = [], time.perf_counter() + seconds
    while len(rounds) < 3 or time.perf_counter() < until:
        start = time.process_time()
        for study in studies:
            read(**study)
        rounds.append(len(studies) / (time.process_time() - start))
    return statistics.median(rounds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extract", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each set")
    seconds = parser.parse_args().seconds
    for name, studies in (("made-up MS studies", made_up()), ("real studies", real())):
        if studies:
            length = statistics.mean(len(study["criteria"]) for study in studies)
            print(f"{name}: {rate(extract, studies, seconds):,.0f} a second ({len(studies)} studies, {length:,.0f} characters on average)")


if __name__ == "__main__":
    main()
