"""One value in, one value out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registry.contract import needs_contract, schema
from trials.registry import normalise
from trials.registry.records import PartialDate

pytestmark = pytest.mark.storeless

ENUMS = {
    "Status": normalise.STATUS,
    "RecruitmentStatus": normalise.RECRUITMENT_STATUS,
    "ExpandedAccessStatus": normalise.EXPANDED_ACCESS_STATUS,
    "StudyType": normalise.STUDY_TYPE,
    "Phase": normalise.PHASE,
    "Sex": normalise.SEX,
    "StandardAge": normalise.STANDARD_AGE,
    "SamplingMethod": normalise.SAMPLING_METHOD,
    "IpdSharing": normalise.IPD_SHARING,
    "IpdSharingInfoType": normalise.IPD_SHARING_INFO_TYPE,
    "SecondaryIdType": normalise.SECONDARY_ID_TYPE,
    "AgencyClass": normalise.AGENCY_CLASS,
    "DateType": normalise.DATE_TYPE,
    "EnrollmentType": normalise.ENROLLMENT_TYPE,
    "ResponsiblePartyType": normalise.RESPONSIBLE_PARTY_TYPE,
    "DesignAllocation": normalise.DESIGN_ALLOCATION,
    "InterventionalAssignment": normalise.INTERVENTIONAL_ASSIGNMENT,
    "PrimaryPurpose": normalise.PRIMARY_PURPOSE,
    "ObservationalModel": normalise.OBSERVATIONAL_MODEL,
    "DesignTimePerspective": normalise.DESIGN_TIME_PERSPECTIVE,
    "BioSpecRetention": normalise.BIO_SPEC_RETENTION,
    "DesignMasking": normalise.DESIGN_MASKING,
    "WhoMasked": normalise.WHO_MASKED,
    "ArmGroupType": normalise.ARM_GROUP_TYPE,
    "InterventionType": normalise.INTERVENTION_TYPE,
    "ContactRole": normalise.CONTACT_ROLE,
    "OfficialRole": normalise.OFFICIAL_ROLE,
    "ReferenceType": normalise.REFERENCE_TYPE,
}


@needs_contract
@pytest.mark.parametrize("name", ENUMS)
def test_the_known_codes_are_those_of_the_contract(name):
    assert ENUMS[name] == set(schema(name)["enum"])


def test_every_set_of_codes_is_compared_with_the_contract():
    sets = {id(value): name for name, value in vars(normalise).items() if isinstance(value, frozenset)}
    assert set(sets) == {id(value) for value in ENUMS.values()}


@pytest.mark.parametrize(
    ("text", "number"), [("NCT00273364", 273364), ("nct00000001", 1), (" NCT99999999\n", 99_999_999), ("NCT1", 1), ("NCT00000000012", 12)]
)
def test_nct_ids_are_read(text, number):
    assert normalise.nct_number(text) == number
    assert normalise.canonical_nct_id(text) == f"NCT{number:08}"


@pytest.mark.parametrize("text", ["", "NCT", "NCT00000000", "NCT123456789", "273364", "NCT٢٧٣", "NCT1 NCT2", "XNCT00000001"])
def test_what_is_no_nct_id_is_refused(text):
    with pytest.raises(ValueError, match="not an NCT id"):
        normalise.nct_number(text)


@given(st.integers(1, 99_999_999))
def test_nct_ids_go_there_and_back(number):
    assert normalise.nct_number(normalise.nct_id(number)) == number
    assert len(normalise.nct_id(number)) == 11


@pytest.mark.parametrize("number", [0, -1, 100_000_000])
def test_numbers_that_no_nct_id_has_are_refused(number):
    with pytest.raises(ValueError, match="not the number"):
        normalise.nct_id(number)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("  outer \n", "outer"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("nul\x00 and \ud800half a pair", "nul and half a pair"),
        ("form\x0cfeed", "form\nfeed"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
        ("\x1b[1mescape\x7f", "[1mescape"),
        ("5 \\> 3, café, 脳, 😀", "5 \\> 3, café, 脳, 😀"),
    ],
)
def test_text_is_cleaned_and_never_reworded(raw, text):
    assert normalise.text(raw) == text


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_can_be_stored_and_stays_as_it_is(raw):
    cleaned = normalise.text(raw)
    assert "\x00" not in cleaned
    cleaned.encode()
    assert normalise.text(cleaned) == cleaned


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("2024", PartialDate(2024)),
        ("2024-03", PartialDate(2024, 3)),
        ("2024-02-29", PartialDate(2024, 2, 29)),
        ("2023-02-29", None),
        ("2024-13", None),
        ("March 2024", None),
        ("0000", None),
        ("", None),
    ],
)
def test_partial_dates(raw, date):
    assert normalise.partial_date(raw) == date


@pytest.mark.parametrize(
    ("raw", "years"),
    [
        ("18 Years", 18.0),
        ("1 Year", 1.0),
        ("6 Months", 0.5),
        ("1 Month", 1 / 12),
        ("2 Weeks", 14 / 365.25),
        ("1 Day", 1 / 365.25),
        ("12 Hours", 0.5 / 365.25),
        ("30 Minutes", 0.5 / 24 / 365.25),
        ("0 Days", 0.0),
        ("N/A", None),
        ("18", None),
        ("-1 Years", None),
        ("18.5 Years", None),
        ("99999 Years", None),
        ("", None),
    ],
)
def test_ages(raw, years):
    assert normalise.age_in_years(raw) == (None if years is None else pytest.approx(years))


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Iran, Islamic Republic of", "Iran"),
        ("Korea, Republic of", "South Korea"),
        ("Korea, Democratic People's Republic of", "North Korea"),
        ("Turkey (Türkiye)", "Turkey"),
        ("Türkiye", "Turkey"),
        ("Turkey", "Turkey"),
        ("Russian Federation", "Russia"),
        ("Czech Republic", "Czechia"),
        ("Viet Nam", "Vietnam"),
        ("Moldova, Republic of", "Moldova"),
        ("Macedonia, The Former Yugoslav Republic of", "North Macedonia"),
        ("Taiwan, Province of China", "Taiwan"),
        ("Hong Kong SAR China", "Hong Kong"),
        ("Syrian Arab Republic", "Syria"),
        ("Congo, The Democratic Republic of the", "Democratic Republic of the Congo"),
        ("Congo", "Republic of the Congo"),
        ("Côte D'Ivoire", "Côte d'Ivoire"),
        ("  united   states ", "United States"),
        ("Atlantis", "Atlantis"),
        ("", ""),
    ],
)
def test_countries_have_one_short_name(raw, name):
    assert normalise.country(raw) == name
    assert normalise.country(name) == name


def test_no_spelling_belongs_to_two_countries():
    spellings = [spelling.casefold() for name, others in normalise._COUNTRIES.items() for spelling in {name, *others}]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(("raw", "kind"), [("ANTICIPATED", "ESTIMATED"), ("ESTIMATE", "ESTIMATED"), ("ACTUAL", "ACTUAL"), ("", "")])
def test_old_words_for_an_estimate(raw, kind):
    assert normalise.estimate(raw) == kind


def test_text_keeps_no_sign_that_turns_other_words_around():
    assert normalise.text("cells \u202efor\u202c \u2066MS\u2069 \u05d0\u200f") == "cells for MS \u05d0\u200f"
