"""The reader of criteria: phrasing by phrasing, then whole texts, then any text at all."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.evaluation.eligibility import report
from tests.records import needs_records, read_records
from tests.steps import steps
from tests.trials.eligibility_phrasings import courses, durations, edss, treatment
from trials.eligibility import COURSES, Bound, Criterion, Eligibility, Quote, extract
from trials.eligibility.criteria import normal, split
from trials.eligibility.durations.wordings import WORDINGS

pytestmark = pytest.mark.storeless


def read(kind: str, sentence: str) -> Eligibility:
    """A sentence as the only one of its kind."""
    before = (
        "Inclusion Criteria:\n\n* " if kind == "inclusion" else "Inclusion Criteria:\n\n* Multiple sclerosis\n\nExclusion Criteria:\n\n* "
    )
    return extract(before + sentence)


def bound(value) -> Bound | None:
    return value if value is None or isinstance(value, Bound) else Bound(float(value))


@pytest.mark.parametrize(("kind", "sentence", "minimum", "maximum"), edss.EDSS)
def test_edss(kind, sentence, minimum, maximum):
    limits = read(kind, sentence).edss
    assert (limits.minimum, limits.maximum) == (bound(minimum), bound(maximum))
    assert limits.state == ("not stated" if minimum is maximum is None else "stated")


@pytest.mark.parametrize(("kind", "sentence", "minimum", "maximum"), durations.DURATION)
def test_duration_since_onset_or_unsaid(kind, sentence, minimum, maximum):
    limits = read(kind, sentence).duration_since_onset
    assert (limits.minimum, limits.maximum) == (bound(minimum), bound(maximum))


@pytest.mark.parametrize(("kind", "sentence", "minimum", "maximum"), durations.SINCE_DIAGNOSIS)
def test_duration_since_diagnosis(kind, sentence, minimum, maximum):
    limits = read(kind, sentence).duration_since_diagnosis
    assert (limits.minimum, limits.maximum) == (bound(minimum), bound(maximum))


@pytest.mark.parametrize(("since", "words"), [(since, words) for since, wordings in WORDINGS.items() for words in wordings])
def test_each_wording_of_a_duration_is_named_by_words_that_it_reads(since, words):
    assert re.search(WORDINGS[since][words], normal(words))
    found = read("inclusion", words)
    assert (found.duration_since_diagnosis if since == "diagnosis" else found.duration_since_onset).state == "stated"


@pytest.mark.parametrize(("kind", "sentence", "minimum", "maximum"), durations.DURATION_ANYHOW)
def test_duration(kind, sentence, minimum, maximum):
    found = read(kind, sentence)
    assert (found.duration.minimum, found.duration.maximum) == (bound(minimum), bound(maximum))


@pytest.mark.parametrize(("inclusion", "exclusion", "taken", "refused"), courses.COURSES)
def test_courses(inclusion, exclusion, taken, refused):
    found = extract(f"Inclusion Criteria:\n\n* {inclusion}" + (f"\n\nExclusion Criteria:\n\n* {exclusion}" if exclusion else ""))
    assert (" ".join(found.ms_courses), " ".join(item.course for item in found.courses.excluded)) == (taken, refused)


@pytest.mark.parametrize(("kind", "sentence", "expected"), treatment.PREVIOUS_STEM_CELLS)
def test_previous_stem_cells(kind, sentence, expected):
    found = read(kind, sentence).previous_stem_cells
    assert (found and found.value) == expected


def test_no_limit_is_not_silence():
    found = extract("Inclusion Criteria:\n\n* Length of illness - any\n* All forms of multiple sclerosis")
    assert found.duration.state == "no limit"
    assert found.duration.no_limit.text == "Length of illness - any"
    assert found.courses.state == "no limit"
    assert found.edss.state == "not stated"
    assert extract("Inclusion Criteria:\n\n* Any level of disability").edss.no_limit.text == "Any level of disability"
    assert extract("").courses.state == "not stated"


def test_each_range_is_kept_beside_the_hull():
    limits = read("inclusion", "EDSS 2.0-6.0 for RRMS and 3.0-6.5 for SPMS").edss
    assert [(item.minimum.value, item.maximum.value, item.courses) for item in limits.ranges] == [
        (2.0, 6.0, ("RRMS",)),
        (3.0, 6.5, ("SPMS",)),
    ]
    assert (limits.minimum, limits.maximum) == (Bound(2.0), Bound(6.5))


def test_ranges_of_separate_criteria_for_separate_courses_make_a_hull():
    limits = extract("Inclusion Criteria:\n\n* RRMS: EDSS 1.0 to 6.0\n* SPMS: EDSS 3.0 to 6.5").edss
    assert (limits.minimum, limits.maximum) == (Bound(1.0), Bound(6.5))


def test_ranges_of_some_that_contradict_what_is_asked_of_all_make_a_hull():
    """A limit too narrow would hide a trial; one that takes nobody would hide it from everybody."""
    limits = extract("* EDSS ≤ 3.0\n* EDSS 4.0-5.5 for RRMS and 5.0-6.5 for SPMS").edss
    assert (limits.minimum, limits.maximum) == (None, Bound(6.5))


def test_an_exclusion_narrows_what_the_inclusion_takes():
    limits = extract("Inclusion Criteria:\n\n* EDSS ≥ 2.0\n\nExclusion Criteria:\n\n* EDSS > 6.5").edss
    assert (limits.minimum, limits.maximum) == (Bound(2.0), Bound(6.5))
    assert [(item.quote.text, item.excluding) for item in limits.ranges] == [("EDSS ≥ 2.0", False), ("EDSS > 6.5", True)]


def test_a_line_that_opens_the_criteria_of_some_tells_whose_range_it_is():
    text = "Inclusion Criteria:\n\nRRMS patients (n=20):\n* EDSS ≤ 4\n\nProgressive patients (SPMS or PPMS):\n* EDSS between 3 and 7\n"
    limits = extract(text).edss
    assert (limits.minimum, limits.maximum) == (None, Bound(7))


def test_activity_goes_with_the_course():
    found = extract("Inclusion Criteria:\n\n* RRMS\n* SPMS with continued relapses\n* Non-active PPMS").courses.accepted
    assert [(item.course, item.activity) for item in found] == [("RRMS", ""), ("SPMS", "active"), ("PPMS", "not active")]


@pytest.mark.parametrize(
    ("titles", "conditions", "expected", "field"),
    [
        (("Cells in Secondary Progressive MS",), ("Relapsing-Remitting MS",), ("SPMS",), "titles[0]"),
        (("Cells in MS", "Cells in Relapsing-Remitting Multiple Sclerosis"), (), ("RRMS",), "titles[1]"),
        (("Cells in MS",), ("Multiple Sclerosis", "Multiple Sclerosis, Chronic Progressive"), ("SPMS", "PPMS", "PRMS"), "conditions[1]"),
    ],
)
def test_titles_and_conditions_tell_the_course_where_the_criteria_are_silent(titles, conditions, expected, field):
    found = extract("Inclusion Criteria:\n\n* Multiple sclerosis", titles=titles, conditions=conditions)
    assert found.ms_courses == expected
    assert {item.quote.field for item in found.courses.accepted} == {field}
    assert extract("* Primary progressive MS", titles=titles, conditions=conditions).ms_courses == ("PPMS",)


@pytest.mark.parametrize(
    ("criteria", "titles", "conditions", "expected"),
    [
        ("Progressive MS", ("Cells in MS",), ("Secondary Progressive MS", "Primary Progressive MS"), ("SPMS", "PPMS")),
        ("Progressive MS", ("Cells in progressive MS",), ("Multiple Sclerosis, Chronic Progressive",), ("SPMS", "PPMS", "PRMS")),
        ("Progressive MS", ("Cells in progressive MS",), ("Relapsing-Remitting MS",), ("SPMS", "PPMS", "PRMS")),
        ("Relapsing MS", ("Cells in MS",), ("Multiple Sclerosis, Relapsing-Remitting",), ("RRMS",)),
        ("Relapsing MS", ("Cells in relapsing MS",), ("Multiple Sclerosis, Relapsing-Remitting",), ("RRMS",)),
        ("Relapsing MS", ("Cells in relapsing MS",), ("Relapsing MS",), ("RRMS", "SPMS")),
        ("Relapsing forms of MS", ("Cells in MS",), ("Multiple Sclerosis, Relapsing-Remitting",), ("RRMS", "SPMS")),
        ("Relapsing MS", ("Cells in MS",), ("Relapsing-Remitting MS", "Secondary Progressive MS"), ("RRMS", "SPMS")),
        ("Relapsing or progressive MS", ("Cells in RRMS",), (), ("RRMS", "SPMS", "PPMS", "PRMS")),
        ("Relapsing MS (RRMS or SPMS)", ("Cells in RRMS",), (), ("RRMS", "SPMS")),
    ],
)
def test_titles_and_conditions_tell_which_general_word_is_meant(criteria, titles, conditions, expected):
    assert extract(f"Inclusion Criteria:\n\n* {criteria}", titles=titles, conditions=conditions).ms_courses == expected


@pytest.mark.parametrize("words", ["regardless of subtype", "irrespective of the disease course", "of whatever kind, all forms of MS"])
def test_any_course_is_no_limit(words):
    assert extract(f"Inclusion Criteria:\n\n* Patients with MS, {words}").courses.state == "no limit"


def test_ages_come_from_the_fields_and_else_from_the_text():
    text = "Inclusion Criteria:\n\n* Age 20 to 60 years"
    fields = extract(text, minimum_age_years=18, minimum_age="18 Years").age
    assert (fields.minimum, fields.maximum) == (Bound(18), Bound(60.0))
    assert [(item.field, item.text) for item in fields.quotes] == [
        ("minimum_age", "18 Years"),
        ("eligibility_criteria", "Age 20 to 60 years"),
    ]
    assert extract("* Women of childbearing age").age.state == "not stated"


@pytest.mark.parametrize(
    ("sentence", "minimum", "maximum"),
    [
        ("Between the ages of 20 and 50, inclusive", 20, 50),
        ("Must be 21 years of age or older", 21, None),
        ("Women or men, ≥19 years to ≤ 64 years at screening", 19, 64),
        ("Age - 18-59 (inclusive)", 18, 59),
        ("Age : 20-50 years", 20, 50),
        ("Age: 20-50 years old", 20, 50),
        ("25 - 55 years", 25, 55),
        ("≥ 17 years", 17, None),
        ("Women over the age of 35 to 60", Bound(35, inclusive=False), 60),
        ("5 - 10 years", None, None),
        ("20 - 25 mg for 2 years", None, None),
        ("Age A 02. Somebody must be 25 to 50 years of age", 25, 50),
        ("Who is included must meet all of the following criteria, told apart below: Age A 01. 25 to 50 years of age, inclusive", 25, 50),
        ("Adults aged greater than or equal to (>=) 21 years and less than or equal to (<=) 59 years", 21, 59),
        ("Haemoglobin of men ≥ 13", None, None),
        ("Onset age between 18 and 45 years", None, None),
        ("Disease duration:\n    * 15 - 20 years", None, None),
        ("Female participants, 30 to 40 of them", None, None),
        ("Adults who are ≥ 20 years old and < 60 years old", 20, Bound(60.0, False)),
    ],
)
def test_ages_told_in_words(sentence, minimum, maximum):
    limits = read("inclusion", sentence).age
    assert (limits.minimum, limits.maximum) == (bound(minimum), bound(maximum))


@pytest.mark.parametrize(("sex", "value"), [("ALL", "all"), ("FEMALE", "female"), ("MALE", "male"), ("", None), ("OTHER", None)])
def test_sex(sex, value):
    found = extract("", sex=sex).sex
    assert (found and found.value) == value


def test_pregnancy_breast_feeding_and_contraception():
    found = read("exclusion", "Pregnant or lactating women, or women not willing to use contraception")
    assert (found.pregnancy.value, found.breast_feeding.value, found.contraception.value) == ("excluded", "excluded", "asked")
    assert read("inclusion", "Negative pregnancy test").pregnancy.value == "excluded"
    assert read("inclusion", "Pregnant women may take part").pregnancy is None
    assert extract("* Multiple sclerosis\n* Female patients who are either pregnant or breast-feeding").pregnancy.value == "excluded"
    assert read("inclusion", "Able to walk").contraception is None


@pytest.mark.parametrize(("kind", "sentence", "pregnancy", "breast_feeding"), treatment.PREGNANCY)
def test_pregnancy(kind, sentence, pregnancy, breast_feeding):
    found = read(kind, sentence)
    assert (bool(found.pregnancy), bool(found.breast_feeding)) == (pregnancy, breast_feeding)


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("≥ 1 clinically documented relapse in past 12 months", ["relapse"]),
        ("two or more steroid treated clinical relapses within the last 12 months", ["relapse"]),
        ("≥1 relapse or ≥1 gadolinium-enhancing lesion within the last 12 months", ["relapse", "mri"]),
        ("At least one new T2 lesion", ["mri"]),
        ("Highly active disease", ["active disease"]),
        ("Clinical activity in the last 2 years", ["active disease"]),
        ("EDSS 4.0 to 6.5 (measured away from a relapse)", []),
        ("No relapse in the last 30 days", []),
        ("Absence of gadolinium-enhancing lesions", []),
        ("Worsening in the last 2 years, excluding during relapses", []),
        ("RRMS with an acute relapse", ["relapse"]),
        ("With or without relapses", []),
        ("Able to undergo MRI with gadolinium", []),
    ],
)
def test_activity_asked_for(sentence, kinds):
    assert [fact.value for fact in read("inclusion", sentence).activity] == kinds
    assert read("exclusion", sentence).activity == ()


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Failure to respond to at least two approved treatments", True),
        ("Not responding to treatment that was tried for at least a year", True),
        ("Treatment-resistant relapsing MS", True),
        ("Inadequate response to interferon", True),
        ("No renal failure", False),
        ("No history of heart failure", False),
        ("Graft failure after a transplant", False),
    ],
)
def test_treatment_failure_asked_for(sentence, asked):
    assert bool(read("inclusion", sentence).treatment_failure) is asked


def kinds_and_texts(text):
    return [(item.kind, item.text) for item in split(text)]


def test_markdown_lists():
    text = "**Inclusion Criteria:**\n\n1. Age \\>= 18\n2. One of:\n\n   * RRMS\n   * SPMS\n\n## Exclusion criteria\n\n\\- Pregnancy\n"
    assert kinds_and_texts(text) == [
        ("inclusion", "Age \\>= 18"),
        ("inclusion", "One of:"),
        ("inclusion", "RRMS"),
        ("inclusion", "SPMS"),
        ("exclusion", "Pregnancy"),
    ]
    assert [(item.depth, item.lead) for item in split(text)] == [(0, ""), (0, ""), (1, "One of:"), (1, "One of:"), (0, "")]


def test_plain_text_with_a_list_that_blank_lines_open_and_close():
    text = (
        "INCLUSION CRITERIA\n\nAge 18-50\n\nPrior treatment with:\n\nNatalizumab\nFingolimod\n\nSigned consent\n\n"
        "Key exclusion:\n\nPregnancy"
    )
    assert [(item.kind, item.text, item.lead) for item in split(text)] == [
        ("inclusion", "Age 18-50", ""),
        ("inclusion", "Prior treatment with:", ""),
        ("inclusion", "Natalizumab", "Prior treatment with:"),
        ("inclusion", "Fingolimod", "Prior treatment with:"),
        ("inclusion", "Signed consent", ""),
        ("exclusion", "Pregnancy", ""),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Inclusion Criteria:• Age 20 to 45;• RRMS", [("inclusion", "Age 20 to 45;"), ("inclusion", "RRMS")]),
        ("Inclusion criteria: RRMS. Exclusion criteria: pregnancy", [("inclusion", "RRMS."), ("exclusion", "pregnancy")]),
        ("Inclusion: age 18; RRMS; EDSS 3-6", [("inclusion", "age 18;"), ("inclusion", "RRMS;"), ("inclusion", "EDSS 3-6")]),
        ("Some words before any heading", [("unspecified", "Some words before any heading")]),
        ("Non-inclusion Criteria:\n\n* Pregnancy", [("exclusion", "Pregnancy")]),
        ("Exclusion Criteria:\n\n* RRMS not fulfilling inclusion criteria", [("exclusion", "RRMS not fulfilling inclusion criteria")]),
        ("Inclusion Criteria:\n\n* Treated within 3 months of inclusion", [("inclusion", "Treated within 3 months of inclusion")]),
        ("Inclusion Criteria:\n\n-\n\nExclusion Criteria:\n\n-", []),
    ],
)
def test_headings_and_runs(text, expected):
    assert kinds_and_texts(text) == expected


@pytest.mark.parametrize(
    "heading",
    [
        "Patients are excluded if:", "Patients will be excluded if they have:", "Ineligibility criteria:", "Subjects must not have:",
        "Criteria for exclusion:", "Not eligible:", "Patients with any of the following will be excluded:", "Exclusionary criteria:",
        "Exclussion Criteria:", "Exlusion Criteria", "Exclusion Criteria - MS patients:", "Exclusion criteria, MS group:",
        "**Exclusion Criteria**", "## Exclusion", "To be eligible for this trial, subjects must not meet any of these criteria:",
        "Participants who meet any of the following criteria cannot take part in this study:", "Contraindications:",
    ],
)  # fmt: skip
def test_headings_of_exclusion(heading):
    text = f"Inclusion Criteria:\n\n* RRMS\n\n{heading}\n\n* EDSS > 7"
    assert [item.kind for item in split(text)] == ["inclusion", "exclusion"]


@pytest.mark.parametrize("heading", ["Patients must have:", "Eligible patients:", "Incusion Criteria:", "Inclusion criteria, group 1:"])
def test_headings_of_inclusion(heading):
    assert [item.kind for item in split(f"Exclusion Criteria:\n\n* Pregnancy\n\n{heading}\n\n* RRMS")] == ["exclusion", "inclusion"]


@pytest.mark.parametrize(
    "line",
    [
        "Drug X must not be given to people with one of these conditions:",
        "Patients must have organ function as defined below:",
        "Men, given the inclusion criteria of a uterus",
    ],
)
def test_a_line_about_something_else_opens_no_section(line):
    text = f"Inclusion Criteria:\n\nRRMS\n\n{line}\n\nasthma\n\nEDSS 2-6\n\nExclusion Criteria:\n\n{line}\n\nPregnancy"
    assert [item.kind for item in split(text)] == ["inclusion"] * 4 + ["exclusion"] * 2


def test_a_line_broken_within_a_course_or_brackets_goes_on():
    criteria = "- Definite MS by the revised McDonald criteria, with a Secondary\n  Progressive course.\n- EDSS of 3.0 or more"
    assert [item.course for item in extract(criteria).courses.accepted] == ["SPMS"]
    criteria = "- An established diagnosis of multiple sclerosis (either RR or\n  SP course) with spasticity\n- EDSS of 3.0 or more"
    assert [item.text.split()[0] for item in extract(criteria).criteria] == ["An", "EDSS"]
    criteria = "Inclusion Criteria:\nAge of 18 years or more, all sexes and all origins\nRelapsing multiple sclerosis"
    assert len(extract(criteria).criteria) == 2


def test_a_line_broken_before_a_number_goes_on():
    first = "A first demyelinating attack, seen by a neurologist, within the last"
    assert [item.text for item in split(f"- {first}\n90 days\n\n- RRMS")] == [f"{first}\n90 days", "RRMS"]
    whole = "A first demyelinating attack, seen by a neurologist"
    assert [item.text for item in split(f"- {whole}\n18 years or older")] == [whole, "18 years or older"]


@pytest.mark.parametrize(
    "broken",
    [
        "People have an Expanded Disability Status Scale score of 3 to\n6, inclusive, at screening and baseline",
        "People are able to walk some metres and have an EDSS score between\n3.0 and 6.0, inclusive",
        "People are able to walk some metres, and have on the Expanded\nDisability Status Scale 3.0 to 6.0",
        "People have at the first visit on the Expanded Disability Status Scale\n(EDSS) a score of 3 to 6",
    ],
)
def test_a_limit_broken_by_a_line_s_end_is_read_whole(broken):
    found = extract(f"Inclusion Criteria:\n- RRMS\n- {broken}\n- Consent")
    assert (found.edss_min, found.edss_max) == (3.0, 6.0)
    assert [item.text for item in found.criteria] == ["RRMS", broken, "Consent"]


def test_a_numbered_item_after_a_list_in_roman_numbers_is_of_everybody():
    text = "Inclusion Criteria:\n\nPPMS patients with all of these:\n\ni) worse by 1 point\nii) a new lesion\niii) bands in the fluid\n"
    items = extract(f"{text}2) Age 18 to 60 years\n3) EDSS 3.0 to 6.0").criteria
    assert [(item.text.split()[0], bool(item.lead)) for item in items[1:]] == [
        ("worse", True), ("a", True), ("bands", True), ("Age", False), ("EDSS", False),
    ]  # fmt: skip
    limits = extract(f"{text}2) Age 18 to 60 years\n3) EDSS 3.0 to 6.0").edss
    assert [item.courses for item in limits.ranges] == [()]


def test_an_item_lies_within_another_by_what_stands_before_its_mark():
    text = "Inclusion Criteria:\n8. RRMS\n9. Any of these:\n   * a relapse\n   * a new lesion\n10. EDSS 2-6\n"
    text += "A) All of these:\n* consent\n* a telephone"
    assert [(item.text.split()[0], item.depth, item.lead) for item in split(text)] == [
        ("RRMS", 0, ""), ("Any", 0, ""), ("a", 1, "Any of these:"), ("a", 1, "Any of these:"), ("EDSS", 0, ""),
        ("All", 0, ""), ("consent", 1, "All of these:"), ("a", 1, "All of these:"),
    ]  # fmt: skip


def test_cohorts_keep_their_heading():
    text = "Inclusion criteria for group A:\n* EDSS 2-5\nInclusion criteria for group B:\n* EDSS 5.5-8"
    assert [item.heading for item in split(text)] == ["Inclusion criteria for group A:", "Inclusion criteria for group B:"]
    assert (extract(text).edss_min, extract(text).edss_max) == (2.0, 8.0)


def test_numbers_in_a_run_open_an_item_only_in_their_order():
    rest = "Free of relapse and stable for at least thirty days before the first visit. Written consent to all that the study asks for. "
    run = "Definite MS for 12 - 24 months. Disability of 0 - 5. " + rest * 2
    assert [item.text for item in split(run + "Age - 18-55")] == [run + "Age - 18-55"]
    listed = f"5) EDSS of 0 to 4. {rest}6) {rest}7) Either 1) {rest}2) {rest}8) {rest}"
    assert [item.text[:7] for item in split(listed)] == ["EDSS of", "Free of", "Either", "Free of", "Free of", "Free of"]


def test_columns():
    found = extract("* RRMS, SPMS\n* EDSS 3.0 to < 6.5\n* Disease duration 6 months to 10 years")
    assert found.ms_courses == ("RRMS", "SPMS")
    assert (found.edss_min, found.edss_max) == (3.0, 6.5)
    assert (found.disease_duration_min_years, found.disease_duration_max_years) == (0.5, 10.0)


PIECES = st.sampled_from(
    (
        "EDSS|edss score|EDSS 3.0 - 6.5|Expanded Disability Status Scale|(|)|((((|the |kurtzke |≥|\\>=|&le;|<|3|6,5|12.5|-|–|to |and "
        "|between "
        "|or |or less|point|increase |if |in patients with |RRMS|SPMS |secondary |primary |progressive |relapsing |remitting |MS |age "
        "|multiple sclerosis |disease duration |since |diagnosis |onset of |years |months|stem cell |bone marrow transplantation |prior "
        "|pregnant |no |not |without |Inclusion Criteria:|Exclusion Criteria:|inclusion |* |1. |\n|\n\n|;|:|. |İ|ß|ﬁ|\u0000|\u2028|\ud7ff"
        "|relapse |gadolinium |all forms of MS"
    ).split("|")
)
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=300)


def quotes_are_verbatim(found: Eligibility, criteria: str, **fields: str) -> bool:
    places = {"eligibility_criteria": criteria} | fields
    return all(quote.text and places[quote.field][quote.start : quote.end] == quote.text for quote in found.quotes)


@given(TEXTS)
@example("EDSS\u0130 ≥ 3")
@example("\r\n\r* \r")
def test_any_text_gives_the_same_answer_twice_with_verbatim_quotes(text):
    found = extract(text, titles=(text,), conditions=(text,))
    assert found == extract(text, titles=(text,), conditions=(text,))
    assert quotes_are_verbatim(found, text, **{"titles[0]": text, "conditions[0]": text})
    assert all(text[item.start : item.end] == item.text and item.text.strip() for item in found.criteria)
    assert list(found.criteria) == sorted(found.criteria, key=lambda item: item.start)
    assert set(found.ms_courses) <= set(COURSES)
    for limits in (found.edss, found.duration_since_onset, found.duration_since_diagnosis):
        assert (limits.state == "stated") <= bool(limits.ranges)
    assert all(0 <= value <= 10 and value * 2 % 1 == 0 for value in (found.edss_min, found.edss_max) if value is not None)


@given(st.text(max_size=200))
def test_normalised_text_keeps_every_offset(text):
    assert len(normal(text)) == len(text)


@given(TEXTS, TEXTS)
def test_criteria_never_overlap(first, second):
    items = split(f"{first}\n{second}")
    assert all(one.end <= other.start for one, other in pairwise(items))


@pytest.mark.parametrize(
    "unit",
    [
        "edss ", "EDSS 3.0 - 6.5 ", "((((", "the the ", "kurtzke expanded ", "primary secondary ", "relapsing progressive ", "a;", "* a\n",
        "disease duration ", "since onset of ", "diagnosis of ms ", "prior stem cell ", "pregnant ", "relapse; ", "x:\n", "\n a", "1) ",
        "inclusion criteria ", "exclusion criteria: ", "active disease\n", "EDSS > 3 for RRMS ", " ", "-", "not ", "cis ",
        "* RRMS patients: stable\n", "drugs approved for PPMS. ",
    ],
)  # fmt: skip
def test_work_grows_as_the_text_does(unit):
    """Steps of the interpreter, not seconds: eight times the text takes at most about eight times the steps.

    What one step of the regular expressions does is held by their bounded repetitions, and timed in `benchmarks/extract.py`.
    """
    texts = ["Inclusion Criteria:\n\n* " + unit * (length // len(unit)) for length in (1_000, 8_000)]
    small, large = (steps(lambda text=text: extract(text)) for text in texts)
    assert large <= 10 * small + 2_000


@needs_records
@pytest.mark.parametrize("name", ["ms_2025", "stem_cell_2022", "mixed_v2"])
def test_every_quote_in_real_records_is_verbatim(name):
    read_any = 0
    for record in read_records(f"registry/{name}.jsonl.gz"):
        section = record["protocolSection"]
        text = section.get("eligibilityModule", {}).get("eligibilityCriteria", "")
        title = section["identificationModule"].get("briefTitle", "")
        found = extract(text, titles=(title,))
        read_any += bool(found.criteria)
        assert quotes_are_verbatim(found, text, **{"titles[0]": title})
    assert read_any > 10


def test_a_criterion_quotes_itself():
    item = Criterion("inclusion", "RRMS", 4, 8)
    assert item.quote == Quote("eligibility_criteria", "RRMS", 4)


@pytest.mark.parametrize(
    ("sentence", "minimum", "maximum"),
    [
        ("Progression (EDSS gain ≥1.0 point (from EDSS ≤ 5.0) or ≥ 0.5 point (from EDSS ≥5.5))\n* EDSS 2.0-6.5", 2, 6.5),
        ("Relapse with incomplete recovery and EDSS worsening, EDSS ≥ 5\n* EDSS 2.0-6.5", 2, 6.5),
        ("Worsening in the last year; EDSS ≤ 6.0", None, 6),
    ],
)
def test_half_a_range_beside_words_of_worsening_counts_only_where_nothing_better_is_stated(sentence, minimum, maximum):
    limits = read("inclusion", sentence).edss
    assert (limits.minimum, limits.maximum) == (bound(minimum), bound(maximum))


@needs_records
@pytest.mark.parametrize("split", ["development", "held-out"])
def test_labelled_records_reach_the_goals(split):
    scored = report(split)
    assert scored.records > 10
    assert scored.shortfalls == ()
    assert all(score.exactness >= 0.95 for score in scored.scores)
