"""What is given, done or asked around a transplant that people have anyway, and the words that set it apart from the transplant."""

from __future__ import annotations

from typing import Final

from therapies.rules.rule import START, Rule, phrase

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
