"""One value in, one value out: the registry's spellings made uniform. Pure; knows neither records nor where a value stands in one.

Each function either answers a value or says that it cannot: `None` where the registry's text is unreadable, the text itself (cleaned) where
it is merely unknown. Nothing is guessed.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from trials.registry.records import PartialDate

# --- the values that the published contract (API 2.0.5) lists -----------------------------------------------------------------------

STATUS = frozenset(
    """ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED WITHDRAWN AVAILABLE
    NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD UNKNOWN""".split()
)
RECRUITMENT_STATUS = frozenset(
    """ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED WITHDRAWN
    AVAILABLE""".split()
)
EXPANDED_ACCESS_STATUS = frozenset("AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING".split())
STUDY_TYPE = frozenset("EXPANDED_ACCESS INTERVENTIONAL OBSERVATIONAL".split())
PHASE = frozenset("NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4".split())
SEX = frozenset("FEMALE MALE ALL".split())
STANDARD_AGE = frozenset("CHILD ADULT OLDER_ADULT".split())
SAMPLING_METHOD = frozenset("PROBABILITY_SAMPLE NON_PROBABILITY_SAMPLE".split())
IPD_SHARING = frozenset("YES NO UNDECIDED".split())
IPD_SHARING_INFO_TYPE = frozenset("STUDY_PROTOCOL SAP ICF CSR ANALYTIC_CODE".split())
SECONDARY_ID_TYPE = frozenset("NIH FDA VA CDC AHRQ SAMHSA OTHER_GRANT EUDRACT_NUMBER CTIS REGISTRY OTHER".split())
AGENCY_CLASS = frozenset("NIH FED OTHER_GOV INDIV INDUSTRY NETWORK AMBIG OTHER UNKNOWN".split())
DATE_TYPE = frozenset("ACTUAL ESTIMATED".split())
ENROLLMENT_TYPE = frozenset("ACTUAL ESTIMATED".split())
RESPONSIBLE_PARTY_TYPE = frozenset("SPONSOR PRINCIPAL_INVESTIGATOR SPONSOR_INVESTIGATOR".split())
DESIGN_ALLOCATION = frozenset("RANDOMIZED NON_RANDOMIZED NA".split())
INTERVENTIONAL_ASSIGNMENT = frozenset("SINGLE_GROUP PARALLEL CROSSOVER FACTORIAL SEQUENTIAL".split())
PRIMARY_PURPOSE = frozenset(
    """TREATMENT PREVENTION DIAGNOSTIC ECT SUPPORTIVE_CARE SCREENING HEALTH_SERVICES_RESEARCH BASIC_SCIENCE DEVICE_FEASIBILITY
    OTHER""".split()
)
OBSERVATIONAL_MODEL = frozenset(
    """COHORT CASE_CONTROL CASE_ONLY CASE_CROSSOVER ECOLOGIC_OR_COMMUNITY FAMILY_BASED DEFINED_POPULATION NATURAL_HISTORY
    OTHER""".split()
)
DESIGN_TIME_PERSPECTIVE = frozenset("RETROSPECTIVE PROSPECTIVE CROSS_SECTIONAL OTHER".split())
BIO_SPEC_RETENTION = frozenset("NONE_RETAINED SAMPLES_WITH_DNA SAMPLES_WITHOUT_DNA".split())
DESIGN_MASKING = frozenset("NONE SINGLE DOUBLE TRIPLE QUADRUPLE".split())
WHO_MASKED = frozenset("PARTICIPANT CARE_PROVIDER INVESTIGATOR OUTCOMES_ASSESSOR".split())
ARM_GROUP_TYPE = frozenset("EXPERIMENTAL ACTIVE_COMPARATOR PLACEBO_COMPARATOR SHAM_COMPARATOR NO_INTERVENTION OTHER".split())
INTERVENTION_TYPE = frozenset(
    """BEHAVIORAL BIOLOGICAL COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST DIETARY_SUPPLEMENT DRUG GENETIC PROCEDURE RADIATION
    OTHER""".split()
)
CONTACT_ROLE = frozenset("STUDY_CHAIR STUDY_DIRECTOR PRINCIPAL_INVESTIGATOR SUB_INVESTIGATOR CONTACT".split())
OFFICIAL_ROLE = frozenset("STUDY_CHAIR STUDY_DIRECTOR PRINCIPAL_INVESTIGATOR SUB_INVESTIGATOR".split())
REFERENCE_TYPE = frozenset("BACKGROUND RESULT DERIVED".split())

_OLD_ESTIMATES = {"ESTIMATE": "ESTIMATED", "ANTICIPATED": "ESTIMATED"}

# --- identifiers --------------------------------------------------------------------------------------------------------------------

_NCT = re.compile(r"NCT0*([1-9][0-9]{0,7})", re.IGNORECASE)


def nct_number(text: str) -> int:
    """The number of an NCT id: `NCT00273364` is 273364. Any case and number of leading zeros, as in the contract; else ValueError."""
    match = _NCT.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not an NCT id (NCT and eight digits, such as NCT00273364): {text[:40]!r}")
    return int(match[1])


def nct_id(number: int) -> str:
    """The canonical NCT id of a number from 1 to 99,999,999: 273364 is `NCT00273364`."""
    if not 1 <= number <= 99_999_999:
        raise ValueError(f"not the number of an NCT id: {number}")
    return f"NCT{number:08}"


def canonical_nct_id(text: str) -> str:
    """The canonical form of an NCT id as anybody may write it (`nct273364`); ValueError where it is none."""
    return nct_id(nct_number(text))


# --- text ---------------------------------------------------------------------------------------------------------------------------

_REVERSING = "\u202a-\u202e\u2066-\u2069"
"""Bidirectional embeddings, overrides and isolates. Invisible, they let one text turn around the words that stand beside it."""

_UNCLEAN = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff{_REVERSING}]")
_UNSTORABLE = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff{_REVERSING}]")


def text(raw: str) -> str:
    """`raw` without what PostgreSQL or XML cannot hold or what turns other words around, lines ended by LF, no outer white space.

    Words are never altered, and the record as it came is kept beside them.
    """
    if not raw.isprintable() and _UNCLEAN.search(raw):  # the first question is much cheaper and settles most
        raw = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
        raw = _UNSTORABLE.sub("", raw)
    return raw.strip()


def whole_letters(raw: bytes) -> bytes:
    """JSON without halves of surrogate pairs, which are legal in it (`"\\ud83d"`) but are no letters, and which strict readers refuse.

    ValueError where `raw` is no JSON.
    """
    return json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "ignore")


# --- dates and ages -----------------------------------------------------------------------------------------------------------------


@lru_cache(1 << 14)
def partial_date(raw: str) -> PartialDate | None:
    """`2024`, `2024-03` or `2024-03-14`; None where `raw` is anything else or a day that no calendar has."""
    try:
        return PartialDate.from_text(raw)
    except ValueError:
        return None


def estimate(raw: str) -> str:
    """ESTIMATED for the older words ESTIMATE and ANTICIPATED, which records fetched before 2023 carry; else `raw`."""
    return _OLD_ESTIMATES.get(raw, raw)


_AGE = re.compile(r"([0-9]{1,4}) (year|month|week|day|hour|minute)s?", re.IGNORECASE)
_DAYS_IN_YEAR = 365.25
_UNITS_IN_YEAR = {
    "year": 1.0,
    "month": 12.0,
    "week": _DAYS_IN_YEAR / 7,
    "day": _DAYS_IN_YEAR,
    "hour": _DAYS_IN_YEAR * 24,
    "minute": _DAYS_IN_YEAR * 24 * 60,
}


@lru_cache(1 << 10)
def age_in_years(raw: str) -> float | None:
    """`18 Years` is 18.0, `6 Months` 0.5, `2 Weeks` 0.038; hours and minutes too. None where `raw` is not such an age (`N/A`)."""
    match = _AGE.fullmatch(raw)
    return int(match[1]) / _UNITS_IN_YEAR[match[2].lower()] if match else None


# --- countries ----------------------------------------------------------------------------------------------------------------------

_COUNTRIES = {  # short English name: the registry's other spellings, past and present
    "Bahamas": ("Bahamas, The", "The Bahamas"),
    "Bolivia": ("Bolivia, Plurinational State of",),
    "British Virgin Islands": ("Virgin Islands, British", "Virgin Islands (British)"),
    "Brunei": ("Brunei Darussalam",),
    "Cabo Verde": ("Cape Verde",),
    "Côte d'Ivoire": ("Cote d'Ivoire", "Côte d’Ivoire", "Ivory Coast"),
    "Curaçao": ("Curacao",),
    "Czechia": ("Czech Republic",),
    "Democratic Republic of the Congo": (
        "Congo, The Democratic Republic of the",
        "Congo, Democratic Republic of the",
        "Congo (Democratic Republic)",
        "DR Congo",
        "Congo - Kinshasa",
    ),
    "Eswatini": ("Swaziland",),
    "Falkland Islands": ("Falkland Islands (Malvinas)",),
    "Former Serbia and Montenegro": ("Serbia and Montenegro",),
    "Former Yugoslavia": ("Yugoslavia",),
    "Gambia": ("Gambia, The", "The Gambia"),
    "Hong Kong": ("Hong Kong SAR China", "Hong Kong SAR, China", "Hong Kong, China", "China, Hong Kong"),
    "Iran": ("Iran, Islamic Republic of", "Iran (Islamic Republic of)", "Islamic Republic of Iran"),
    "Kyrgyzstan": ("Kyrgyz Republic",),
    "Laos": ("Lao People's Democratic Republic", "Lao People’s Democratic Republic"),
    "Libya": ("Libyan Arab Jamahiriya",),
    "Macao": ("Macau", "Macau SAR China", "Macao SAR China"),
    "Micronesia": ("Micronesia, Federated States of", "Federated States of Micronesia"),
    "Moldova": ("Moldova, Republic of", "Republic of Moldova"),
    "Myanmar": ("Burma", "Myanmar (Burma)"),
    "Netherlands": ("The Netherlands", "Holland"),
    "North Korea": ("Korea, Democratic People's Republic of", "Korea, Democratic People’s Republic of"),
    "North Macedonia": (
        "Macedonia",
        "Macedonia, The Former Yugoslav Republic of",
        "The Former Yugoslav Republic of Macedonia",
        "Republic of North Macedonia",
    ),
    "Palestinian Territories": ("Palestinian Territories, Occupied", "Palestinian Territory, Occupied", "Palestine", "State of Palestine"),
    "Republic of the Congo": ("Congo", "Congo - Brazzaville", "Congo, Republic of the"),
    "Russia": ("Russian Federation",),
    "Réunion": ("Reunion",),
    "Slovakia": ("Slovak Republic",),
    "South Korea": ("Korea, Republic of", "Republic of Korea", "Korea, South"),
    "Syria": ("Syrian Arab Republic",),
    "São Tomé and Príncipe": ("Sao Tome and Principe",),
    "Taiwan": ("Taiwan, Province of China", "Taiwan (Province of China)", "Taiwan, China"),
    "Tanzania": ("Tanzania, United Republic of", "United Republic of Tanzania"),
    "Timor-Leste": ("East Timor",),
    "Turkey": ("Turkey (Türkiye)", "Türkiye", "Turkiye"),
    "U.S. Virgin Islands": ("Virgin Islands (U.S.)", "Virgin Islands, U.S."),
    "United Kingdom": ("UK", "Great Britain", "United Kingdom of Great Britain and Northern Ireland"),
    "United States": ("USA", "United States of America"),
    "Vatican City": ("Holy See (Vatican City State)", "Holy See"),
    "Venezuela": ("Venezuela, Bolivarian Republic of", "Venezuela (Bolivarian Republic of)"),
    "Vietnam": ("Viet Nam",),
}
_COUNTRY_OF = {spelling.casefold(): name for name, spellings in _COUNTRIES.items() for spelling in (name, *spellings)}


@lru_cache(1 << 10)
def country(raw: str) -> str:
    """One short English name per country, whichever year's spelling `raw` is; a name that is not known here is answered as it is."""
    name = " ".join(raw.split())
    return _COUNTRY_OF.get(name.casefold(), name)
