"""What a study does with an approach, in the order in which the classifier asks."""

from __future__ import annotations

from typing import Final

from therapies.rules.around import ROLE_CARE, ROLE_OUTCOME, ROLE_SUPPORTIVE, ROLE_SUPPORTIVE_PURPOSE, ROLE_WATCHED
from therapies.rules.rule import NAMED, Rule, phrase

_TREATED = r"(?:patients?|people|participants?|subjects?|recipients?|individuals?|those|persons?|multiple sclerosis|MS)"

ROLE_LINES: Final = Rule(
    "role-cell-lines",
    "role",
    "cell-line research",
    "makes cells or cell lines for the laboratory, and treats nobody",
    phrase(
        r"(?:generat|deriv|establish|creat|produc|bank|develop|biobank|making|repository)\w{0,6} (?:of )?(?:<w>){0,6}(?:induced pluri|iPS|stem cell lines?|cell lines?)",
        r"stem cell (?:lines?|bank|repository|models?)",
        r"(?:iPSC?s?|pluri ?potent stem cells?) (?:<w>){0,2}(?:lines?|bank|repository|models?|modell?ing|generation|derivation|production)",
        r"disease (?:in a dish|modell?ing)",
        r"in ?vitro",
        r"skin biops\w{0,3}",
        r"fibroblasts?",
        r"(?:collection|donation|sampling|procurement) of (?:<w>){0,4}(?:skin|blood|urine|tissue|samples?|specimens?)",
        r"(?:skin|blood|urine|tissue|bio ?specimen|sample) (?:<w>){0,1}(?:collection|draw|donation|samples?|sampling|procurement)",
        r"venipuncture",
    ),
    (
        "generat",
        "deriv",
        "establish",
        "creat",
        "produc",
        "bank",
        "develop",
        "mak",
        "repository",
        "line",
        "model",
        "dish",
        "vitro",
        "biops",
        "fibroblast",
        "collection",
        "donation",
        "sampling",
        "procurement",
        "draw",
        "sample",
        "venipuncture",
    ),
    "Skin, blood or urine is taken to make lines; nothing is given back.",
    ("NCT00874783", "NCT06551649"),
    where=NAMED,
)

ROLE_LABORATORY: Final = Rule(
    "role-laboratory",
    "role",
    "cell-line research",
    "takes tissue to study cells in the laboratory, and treats nobody",
    phrase(
        r"isolation",
        r"(?<!data\W)collect(?:ing|ion)<e>",
        r"characteri[sz]\w{0,5}",
        r"harvest\w{0,3}",
        r"decellulari[sz]\w{0,5}",
        r"in ?vitro",
        r"pre ?clinical",
        r"bank(?:ing)?<e>",
        r"cell lines?",
        r"epigenom\w{0,3}",
        r"functional",
        r"properties",
        r"phenotyp\w{0,4}",
        r"alterations?",
        r"damage",
        r"expression",
        r"markers?<e>",
        r"patho(?:physiolog|genes)\w{1,3}",
        r"(?:role|potential) of",
        r"from (?:<w>){0,2}patients",
    ),
    (),
    "An observational record that isolates or characterises cells follows nobody's treatment.",
    ("NCT01213953",),
    where=NAMED,
    ceiling=0.7,
)

TREATS: Final = phrase(
    r"(?:re ?)?(?:inject|infus|transplant|implant|administ)\w{0,8}",
    r"treat\w{0,5} (?:of|with|for|in|using|by)<e>",
    r"(?:on|in|for) the (?:therapy|treatment)",
    r"cells? (?:therap|treatment)\w{0,3}",
    r"(?:use|application) of",
)
"""In a title: the cells went into people, whatever was harvested for it."""

PRODUCTS: Final = frozenset({"BIOLOGICAL", "GENETIC", "DRUG", "COMBINATION_PRODUCT"})
"""Kinds of intervention that may be cells under a name that does not say so."""

TISSUES: Final = phrase(
    r"platelet",
    r"<s>PR[PF]<e>",
    r"plasma",
    r"fibrin",
    r"lipo\w{3,9}",
    r"fat<e>",
    r"adipose tissue",
    r"micro ?fragmented",
    r"(?:nano|micro) ?fat",
    r"M?FAT<e>",
    r"bone (?:graft|matrix|substitute)",
    r"membrane",
    r"samples?",
    r"collagen",
    r"marrow",
)
"""Interventions that are a tissue or a part of blood; stem cells among the keywords beside them tell what people hope for."""

LOOKS: Final = frozenset({"BASIC_SCIENCE", "DIAGNOSTIC", "SCREENING"})
"""Purposes of a study that looks and does not treat."""

LOOKS_AT: Final = phrase(r"(?:effects?|impact|influence) of (?:<w>){1,8}on<e>")
"""In a title: something else is given, and the cells are what it acts on."""

BANKS: Final = phrase(
    r"(?:cell|stem cell|MSC|tissue) ?bank\w{0,3}",
    r"(?:generat|establish|manufactur|bank|reprogram|produc)\w{0,5} (?:of )?(?:<w>){0,4}(?:cells?|MSCs?|lines?)",
)
"""In a title: a stock or lines of cells are made, though nobody is given them."""

CARE: Final = frozenset({"BEHAVIORAL", "DIETARY_SUPPLEMENT", "DIAGNOSTIC_TEST", "RADIATION"})
"""Kinds of intervention that are never cells."""

TAKES: Final = phrase(
    r"(?:harvest|collect|biops|sampl|aspirat|lipo ?suction|extract|isolat|venipuncture|withdraw)\w{0,5}",
    r"blood (?:draw|test)",
    r"no intervention",
    r"not applicable",
    r"<s>n ?/ ?a<e>",
    r"analysis",
    r"flow cytometr\w{1,3}",
    r"(?:measur|examin|assess)\w{2,5}",
    r"laborator\w{1,3}",
    r"(?:waste|donat)\w{0,4}",
    r"questionnaire",
)
"""Interventions that take something from people or look at them, and give nothing."""

ROLE_FOLLOW_UP: Final = Rule(
    "role-follow-up-title",
    "role",
    "follow-up",
    "follows people who were treated",
    phrase(
        r"long term (?:<w>){0,2}(?:follow ?up|outcomes?)",
        r"(?<=:\W)follow ?up(?=\n|\Z)",
        r"follow ?up (?:<w>){0,2}(?:study|safety|evaluation|investigation|of|for|on|trial|protocol)",
        r"(?:two|three|four|five|ten|fifteen|twenty|\d{1,2}) ?(?:years?|months?) (?:follow ?up|outcomes?|results?)",
        r"(?:long term )?extension (?:study|trial|of (?:<w>){0,3}(?:study|trial|protocol|NCT))",
        r"<s>registr(?:y|ies)<e>",
        r"registry ?based",
        r"bio ?bank\w{0,3}",
        r"outcomes? (?:data|research|registry|study|after|following|of patients)",
        r"retrospective",
        r"observational (?:study|cohort)",
        r"real ?world",
        rf"{_TREATED} (?:<w>){{0,3}}(?:previously |formerly |already )(?:treated|transplanted)(?! (?:<w>){{0,3}}(?:\w{{1,14}}(?:omas?|a?emias?)|cancers?|diseases?|malignanc\w{{1,3}}|tumou?rs?)<e>)",
        r"who (?:have )?(?:participated|completed|previously|received|underwent|undergone|were treated|had been)",
        r"(?:biomarkers?|imaging|MRI|mechanisms?|immune reconstitution|immune profil\w{0,4}|immunological (?:study|changes|effects)) (?:of |in |after |following )(?:<w>){0,5}$",
        r"(?:cohort|natural history|late effects)",
        r"survivors? (?:of|after|following|who|treated)<e>",
        r"(?:transplant\w{0,8}|HSCT|HCT|BMT|SCT|therapy|leuk[ae]{1,2}mia) survivors?",
    ),
    (
        "follow",
        "extension",
        "registr",
        "bank",
        "outcome",
        "retrospective",
        "observational",
        "real",
        "previous",
        "former",
        "already",
        "who ",
        "biomarker",
        "imaging",
        "mri",
        "mechanism",
        "immun",
        "cohort",
        "natural",
        "late effect",
        "survivor",
    ),
    "The title says that treated people are watched; the study gives no cells.",
    ("NCT02157064",),
    where=frozenset({"title"}),
    ceiling=0.8,
)

ROLE_FOLLOW_UP_BOTH: Final = phrase(
    r"(?:safety|efficacy|treatment|injections?|repeated|phase) (?:<w>){0,6}(?:and|with) (?!efficacy|safety)(?:<w>){0,3}follow ?up",
    r"with (?:<w>){0,2}(?:years?|months?) (?:<w>){0,1}follow ?up",
    r"follow ?up (?:period|visits?)",
)
"""A trial that treats and then follows its own people says follow-up too."""

ROLE_OBSERVATIONAL: Final = Rule(
    "role-observational",
    "role",
    "follow-up",
    "is observational: it watches people whose treatment others decide",
    phrase(r"OBSERVATIONAL"),
    (),
    "An observational record that names stem cells as its intervention follows treated people.",
    ("NCT04674280", "NCT05029206"),
    ceiling=0.9,
)

CALLED_OBSERVATIONAL: Final = phrase(r"this (?:<w>){0,1}is an? (?:<w>){0,3}observational (?:<w>){0,2}(?:study|trial|cohort)")
"""What a summary says where the record has no type of study."""

AGAIN: Final = phrase(r"^\W{0,3}(?:repeat(?:ed)?|second) (?:<w>){0,2}transplant\w{0,6}<e>")
"""In a title: people who had a transplant are given another."""

ROLE_EXPANDED_ACCESS: Final = Rule(
    "role-expanded-access",
    "role",
    "treatment",
    "gives the treatment outside a trial",
    phrase(r"EXPANDED_ACCESS"),
    (),
    "Expanded access gives the treatment; it has no phase and is not a trial.",
    ("NCT02084121", "NCT03822858"),
)

ROLE_DIAGNOSTIC: Final = Rule(
    "role-measures-treated",
    "role",
    "follow-up",
    "examines people who are treated",
    phrase(r"DIAGNOSTIC|BASIC_SCIENCE|SCREENING|HEALTH_SERVICES_RESEARCH"),
    (),
    "Imaging or laboratory work in treated people, without giving cells.",
    (),
    ceiling=0.75,
)

BOTH_ARE_CELLS: Final = phrase(
    r"\w{0,8}transplant\w{0,6}",
    r"(?:<stem>|progenitor) cells?",
    r"(?:bone )?marrow",
    r"[a-z]{0,6}MSCs?<e>",
    r"<mes>",
    r"peripheral blood",
    r"(?:SVF|BMAC|PBSCs?|[a-z]{0,6}(?:SCT|HCT|BMT))<e>",
    r"cord blood",
    r"(?:<auto>|<allo>|auto|allo|haplo ?identical|sibling|unrelated|related|mismatched|single|tandem|double|early|upfront|immediate|reduced intensity|RIC|MAC|T cell depleted)(?: (?:donors?|conditioning|intensity))?\W{0,3}$",
)
"""Before 'versus': another kind of cells, or another kind of transplant, so both are under study."""

GRAFTS_COMPARED: Final = phrase(r"(?:marrow|PBSCs?|stem cells?|cord blood|donors?(?! lympho)|grafts) (?:<w>){0,2}(?:versus|vs)<e>(?! host)")
"""In a title: two kinds of grafts, so that neither is what something else is given around."""

ROLE_COMPARATOR_ARM: Final = Rule(
    "role-comparator-arm",
    "role",
    "comparator",
    "uses it as the treatment that another is compared with",
    phrase(r"ACTIVE_COMPARATOR|NO_INTERVENTION|OTHER|SHAM_COMPARATOR|PLACEBO_COMPARATOR"),
    (),
    "Stem cells stand only in comparator arms while another arm is the experimental one.",
    ("NCT02724163",),
    ceiling=0.8,
)

ROLE_COMPARATOR_TITLE: Final = Rule(
    "role-comparator-title",
    "role",
    "comparator",
    "compares another treatment with it",
    phrase(
        r"<s>(?:versus|vs|compared (?:with|to)|in comparison (?:with|to)|against|comparison with)(?: (?:<auto>|<allo>|an?|the|non ?myeloablative|high dose|chemotherapy|and|with|standard|of|care|salvage|therapy|consolidat\w{1,5}|up ?front|followed|by|dose|high)){0,9}\W{0,3}$"
    ),
    (),
    "Another new treatment is named first, the transplant after 'versus'.",
    (),
    ceiling=0.75,
)

ENGINEERED_FIRST: Final = phrase(
    r"(?:\w{3,20}leucel|[a-z]{3,5}-cel|CAR ?-?T|bi ?specific)\W(?:<w>){0,8}(?:versus|vs|compared (?:with|to))\W{1,2}(?:<w>){0,8}\w{0,5}transplant"
)
"""In a title: a newer treatment before 'versus'. The transplant after it is what that is compared with, though it is listed as given."""

USUAL_CARE: Final = phrase(
    r"best (?:<w>){0,1}(?:available|medical)",
    r"standard",
    r"conventional",
    r"disease modifying",
    r"<s>DMTs?<e>",
    r"usual",
    r"approved",
    r"high efficacy",
    r"placebo",
    r"sham",
    r"natalizumab",
    r"alemtuzumab",
    r"ocrelizumab",
    r"cladribine",
    r"mitoxantrone",
    r"rituximab",
    r"fingolimod",
    r"ofatumumab",
    r"interferon",
    r"teriflunomide",
    r"glatiramer",
    r"medication",
    r"drugs?<e>",
    r"<s>FDA<e>",
)
"""Treatments that are in use already: named before 'versus', they are the comparison, not the novelty."""

ROLE_TREATMENT: Final = Rule(
    "role-treatment",
    "role",
    "treatment",
    "tests or gives it as a treatment",
    phrase(r"."),
    (),
    "Nothing says otherwise.",
    ("NCT04047628",),
)

ROLE_RULES: Final = (
    ROLE_LINES,
    ROLE_LABORATORY,
    ROLE_EXPANDED_ACCESS,
    ROLE_OBSERVATIONAL,
    ROLE_CARE,
    ROLE_FOLLOW_UP,
    ROLE_WATCHED,
    ROLE_COMPARATOR_ARM,
    ROLE_COMPARATOR_TITLE,
    ROLE_OUTCOME,
    ROLE_SUPPORTIVE,
    ROLE_SUPPORTIVE_PURPOSE,
    ROLE_DIAGNOSTIC,
    ROLE_TREATMENT,
)
"""In the order in which the classifier asks."""
