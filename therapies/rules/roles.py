"""What a study does with an approach, in the order in which the classifier asks."""

from __future__ import annotations

from typing import Final

from therapies.rules.rule import NAMED, START, Rule, phrase

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

_ANY_KIND = (
    r"(?: (?:an?|the|pa?ediatric|adults?|children|<auto>|<allo>|auto|allo|or|of|their|non ?myeloablative|(?:mye|ab)\w{2,6}ablative|high dose|combination|chemotherapy|and|bone|previous|prior|human|haplo ?identical|unrelated|related|"
    r"matched|mismatched|M?MUD|URD|sibling|parental|family|HLA|identical|partially|half|alternative|mini|micro|reduced|intensity|conditioning|RIC|MAC|standard|first|second|melphalan|busulfan|BEAM|single|double|tandem|planned|upfront|front ?line|donor|cord|<cord>|"
    r"t ?cell|TCR|alpha|beta|αβ|CD34|CD3|CD19|selected|replete|depleted|peripheral|blood|marrow|stem|cells?|progenitor|<haem>|units?|grafts?|G ?CSF|mobili[sz]ed|unmanipulated)){0,9}\W{0,3}$"
)
"""Words between what a study takes people for and the transplant's name."""

TAKES_PEOPLE: Final = phrase(
    r"(?:undergoing|receiving|awaiting|scheduled (?:for|to undergo)|(?:hospitali[sz]ed|admitted|planned|prepared) for|candidates? for|recipients? of|who (?:will |plan to |are planned to |are to |are about to |have |had )?(?:undergo|receive|undergone|received|underwent|had)|"
    r"(?:patients?|people|adults|children|those|survivors?|participants?|subjects?|therapy|chemotherapy|irradiation|infections?|mucositis|reactivation) (?:<w>){0,5}(?:before|after|following|post|prior to|during))"
    + _ANY_KIND
)
FOR_GRAFT: Final = phrase(r"condition(?:ing|ed) (?:<w>){0,3}(?:for|before|prior to)" + _ANY_KIND)
"""In a summary: the drugs that make room are spoken of, and are what the study's own intervention goes with unless it is one of them."""
RELAPSED: Final = phrase(
    r"(?:relapsed|relapsing|refractory|recurred|progressed|progressing|fail\w{0,4}|ineligib\w{0,4}|persist\w{0,4})",
    r"(?:relapse|recurrence|progression) (?:after|following|post)",
    r"(?:bridg\w{1,3}|proceed\w{0,3}|candidates?) (?:<w>){0,2}(?:to|for)<e>",
    r"(?:not|un) ?(?:eligible|suitable|fit|candidates?)",
)
"""In a sentence of the summary: the transplant is what people had in vain, or what may come of the treatment."""
OF_PEOPLE: Final = phrase(
    r"^ (?:\([^)]{1,12}\) )?(?:(?:in|out)?patients?|recipients?|survivors?|(?:associated|related|induced) (?:<w>){0,2}\w)"
)
"""After a transplant's name: the people who had it, or what came of it."""

GRAFT_DISEASE: Final = phrase(r"graft (?:versus|vs|against) host", r"<s>[ac]{0,2}GVHD<e>")

ROLE_SUPPORTIVE: Final = Rule(
    "role-around-transplant",
    "role",
    "supportive",
    "gives something else around a transplant",
    phrase(
        r"<s>(?:after|following|post|pre|peri|before|during|undergoing|receiving|awaiting|prior to|ahead of|in|(?:in )?(?:patients|children|adults|people) (?:with|of)|bridging to|in the setting of|due to|caused by|induced by|recipients? of|candidates? for|conditioning for|scheduled for|"
        r"treated with|who (?:undergo|underwent|receive|received|had)|consolidation treatment after|maintenance after|late after|early after)"
        + _ANY_KIND
    ),
    (),
    "The title puts the study's own intervention after, before or during the transplant, and the interventions name no cells.",
    ("NCT04203017",),
    ceiling=0.8,
)

PREVENTS: Final = "hsct-graft-disease-prevented"
"""The rule of approach that tells of something given around a transplant which the record's names leave out."""

CHIMERISM: Final = "hsct-chimerism"
"""The rule of approach that tells of a donor's cells that are made to stay; elsewhere chimerism is only watched."""

ROLE_OUTCOME: Final = Rule(
    "role-outcome",
    "role",
    "supportive",
    "measures something of a transplant that its interventions do not name",
    phrase(r"."),
    (),
    "Only an outcome measure tells of the transplant: what is given is something else.",
    ("NCT05078177",),
    ceiling=0.4,
)

ROLE_SUPPORTIVE_PURPOSE: Final = Rule(
    "role-supportive-purpose",
    "role",
    "supportive",
    "is declared as supportive care",
    phrase(r"SUPPORTIVE_CARE|PREVENTION"),
    (),
    "The record's own purpose, where the interventions name no cells.",
    (),
    ceiling=0.7,
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

MOBILISES: Final = phrase(r"mobili[sz](?:ation|e|es|ing|ers?)<e>")
FOR_LATER: Final = phrase(
    r"(?:for|before|prior to|undergoing|awaiting|eligible for|candidates? for|planned for|scheduled for|ahead of)" + _ANY_KIND
)
"""In a title that mobilises cells, what leads up to the transplant: it comes later."""

WITH_SUPPORT: Final = phrase(
    r"(?:with|by|and|plus) (?:<w>){0,3}(?:stem cells?|PBSCs?|HSCs?|marrow|progenitors?|progenitor cells?) (?:<w>){0,1}(?:support|rescue|infusions?)",
    r"stem cells? boosts?",
)
"""In a title: cells are given in this study, whatever transplant came before."""

COMPLICATION: Final = phrase(
    r"mucositis",
    r"(?:nausea|vomiting|emesis|diarrhea)<e>",
    r"(?:fung\w{2,3}|bacter\w{2,4}|vir(?:al|us)|viral) (?:<w>){0,1}(?:infect|disease|reactiv|sepsis)\w{0,8}",
    r"(?:cytomegalovirus|CMV|EBV|adenovir\w{2,3}|aspergill\w{2,4}|candid\w{3,5}|pneumocystis|BK virus)<e>",
    r"infections?<e>",
    r"(?:febrile )?neutropeni[ac]",
    r"thrombocytop[ae]?eni[ac]",
    r"(?:ha?emorrhagic )?cystitis",
    r"veno ?occlusive",
    r"VOD<e>",
    r"sinusoidal",
    r"microangiopathy",
    r"bronchiolitis",
    r"malnutrition|nutrition\w{0,3}",
    r"iron overload",
    r"vaccin\w{3,6}",
    r"immuni[sz]ation",
)
"""In a title: what a transplant brings with it is prevented or treated, whatever drugs it names."""
PREVENTS_COMPLICATION: Final = phrase(
    rf"(?:prevent|prophyla|reduc|treat|manag)\w{{0,7}} (?:<w>){{0,4}}{COMPLICATION.pattern.removeprefix(START)}",
    rf"{COMPLICATION.pattern.removeprefix(START)} (?:<w>){{0,2}}(?:prevent|prophyla)\w{{0,7}}",
)
"""A title that says it before it names the transplant, in whatever words."""
SUPPORTS: Final = phrase(
    r"(?:fos)?aprepitant",
    r"\w{2,6}setron",
    r"olanzapine",
    r"palifermin",
    r"plerixafor",
    r"motixafortide",
    r"caphosol",
    r"letermovir",
    r"\w{2,8}(?:fungin|conazole|ciclovir|cyclovir|floxacin)",
    r"defibrotide",
    r"urs[eo]d\w{2,14}",
    r"eltrombopag",
    r"vaccin\w{0,4}",
    r"glutamine",
    r"probiotic\w{0,1}",
    r"(?:mouth ?wash|mouth rinse|ice chips|cryotherapy|laser)",
    r"placebo",
)
"""Interventions that are never more than help around a transplant."""
PART_OF_GRAFT: Final = phrase(r"^ (?:<w>){0,1}cyclophosphamide")
"""After 'post-transplant': a drug that belongs to the graft of a half-matched donor."""

GRAFTS_COMPARED: Final = phrase(r"(?:marrow|PBSCs?|stem cells?|cord blood|donors?(?! lympho)|grafts) (?:<w>){0,2}(?:versus|vs)<e>(?! host)")
"""In a title: two kinds of grafts, so that neither is what something else is given around."""

AFTERWARDS: Final = phrase(r"(?:after|following|post|maintenance|late after|early after)<e>")
"""Of what is given around a transplant: it comes when conditioning is over."""

WATCHED: Final = phrase(
    r"quality of life",
    r"questionnaires?",
    r"surveys?",
    r"cross ?sectional",
    r"incidence",
    r"prevalence",
    r"risk factors?",
    r"predict(?:ors?|ion|ing|ive)",
    r"prognos\w{2,5}",
    r"patient reported",
    r"epidemiolog\w{1,4}",
    r"(?:immune|immunological|cellular) (?:reconstitution|recovery)",
    r"chimerism",
    r"bio ?markers?",
    r"(?:complications|outcomes?|trends|experiences?|infections|late effects|function\w{0,5}) (?:<w>){0,3}(?:in|of|after|following|among)<e>",
    r"data ?base",
    r"collection of (?:<w>){0,2}(?:samples|specimens|data)",
)
"""Words of a title that watches people, where the record lists nothing that is given."""
WATCHED_AROUND: Final = phrase(
    r"(?:cogniti\w{2,3}|brain|atrophy|growth|fertility|gonadal|sexual\w{0,4}|sleep|fatigue|depression|anxiety|density|status|volumes?|mortality|survival|kinetics|pharmacokinetics|reactivation|burden|needs|distress)<e>",
    r"(?:evaluation|assessment|monitoring|measurement|detection|diagnosis|screening|analysis|study|changes|role|influence|impact) (?:of|in)<e>",
    r"(?:microbio\w{2,3}|genetic\w{0,1}|polymorphisms?|cytokines?|proteom\w{2,3}|metabol\w{3,5})<e>",
)
"""Words that mean as much where a title puts the transplant before or around what it asks."""
INTERVENES: Final = phrase(
    r"(?:prevent|treat|improv|reduc|random|program|train|therap|exercis|interven|prophyla|conditioning|regimen|versus|compar|efficacy|phase)\w{0,8}<e>",
    r"effects? of",
    r"(?:the )?use of",
    r"promot\w{1,3}",
    r"\w{2,14}(?:mab|nib|mib|vir|citabine|fermin|stim|limus|clax|domide|trexate|azole|fungin|statin|cept)<e>",
)
"""Words of a title that does more than watch."""

CARES: Final = phrase(
    r"tai ?chi",
    r"qi ?gong",
    r"yoga",
    r"exercis\w{1,3}",
    r"(?:physical|strength|resistance|endurance|respiratory|inspiratory) (?:<w>){0,1}training",
    r"rehabilitation",
    r"physiotherapy",
    r"massage",
    r"acupunct\w{2,3}",
    r"acupressure",
    r"moxibustion",
    r"music",
    r"mindful\w{0,4}",
    r"hypnosis",
    r"counsel\w{2,5}",
    r"coaching",
    r"telehealth",
    r"internet",
    r"mobile (?:app|health)\w{0,8}",
    r"virtual reality",
    r"survivorship care",
    r"palliative care",
    r"home care",
    r"diets?<e>",
    r"nursing",
)
"""Words of a title for care around a transplant."""

ROLE_WATCHED: Final = Rule(
    "role-watched-title",
    "role",
    "follow-up",
    "asks or watches people around a transplant, and lists nothing that it gives",
    WATCHED,
    (),
    "Questionnaires, counts and risks of transplanted people; the record lists no intervention.",
    ("NCT03558386",),
    where=frozenset({"title"}),
    ceiling=0.7,
)

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

ROLE_CARE: Final = Rule(
    "role-care-around",
    "role",
    "supportive",
    "gives care, training or food around a transplant",
    phrase(r"BEHAVIORAL|DIETARY_SUPPLEMENT"),
    (),
    "Every intervention is training, advice or food, so the transplant that a title names is where it takes place.",
    ("NCT05649371",),
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
