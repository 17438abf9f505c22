"""Running text: which sentences speak of this study, and which of what is known elsewhere."""

from __future__ import annotations

from typing import Final

from therapies.rules.rule import START, phrase

GIVEN_CELLS: Final = phrase(
    r"cells?<e>",
    r"MPCs?<e>",
    r"<stem>",
    r"[a-z]{0,5}MSCs?<e>",
    r"\bSVF<e>",
    r"transplant",
    r"nurown",
    r"IMS ?001",
    r"exosom",
    r"sEV",
    r"marrow",
    r"cord blood",
    r"CD ?(?:34|133)",
    r"c?BM(?:AC?|C)<e>",
    r"lipo ?(?:harvest|suction|aspirat)",
    r"DUOC",
    r"AlloRx",
    r"BMSC",
    r"PBSC",
    r"A[DT]?SCs?<e>",
    r"[a-z]{0,4}HSCs?T?<e>",
    r"[a-z]{0,5} ?(?:SCT|BMT|HCT)<e>",
)
"""A route counts only in a sentence that speaks of cells: vaccines are intramuscular and steroids intravenous."""

CELLS: Final = phrase(r"cells?<e>", r"MPCs?<e>", r"cellular", r"[a-z]{0,5}MSCs?<e>", r"cytotherapy")
"""Words that say of a name that it stands for cells."""

IMMUNE_CELLS: Final = phrase(r"CAR ?-?(?:T|NK)<e>", r"chimeric antigen")
"""In names: other cells are given, and the drugs before them make room for these."""

CELLS_GIVEN: Final = phrase(
    r"cell(?:ular)? (?:<w>){0,1}(?:therap|treatment|transplant|infusion|injection|implant|product|based)\w{0,6}",
    r"(?:infusion|injection|transplantation|implantation) of (?:<w>){0,4}cells?<e>",
    r"(?:stem|progenitor) cells?",
)
"""Words that say of a title that cells are given."""

ROUTE_LINE: Final = phrase(r"route(?: of (?:administration|delivery|injection|infusion))? ?(?:<w>){0,1}intra")
"""A line of a protocol that only names the way: "Route: intravenous"."""

OTHER_DRUG: Final = phrase(
    r"antibiotic",
    r"steroid",
    r"\w{0,8}predniso",
    r"heparin",
    r"saline",
    r"an?a?esthe",
    r"sedat",
    r"contrast",
    r"premedic",
    r"antihistamin",
    r"\w{0,8}globulin",
    r"albumin",
    r"plasma",
    r"vaccin",
    r"chemo",
    r"cyclophosph",
    r"fludarab",
    r"<s>G ?CSF",
    r"\w{2,14}(?:mab|nib|vir|cillin|mycin)<e>",
    r"\d mg<e>",
    r"acid<e>",
    r"drug<e>",
    r"opio",
    r"insulin",
    r"nutrition",
    r"fluids?<e>",
    r"catheter",
)
"""In a sentence that names no cells: another thing is given that way."""

ELSEWHERE: Final = phrase(r"these studies", r"usually", r"may result in", r"risks? of", r"(?:most|more) common\w{0,2}")
"""Of a way to give cells: what others do, or what it may lead to."""

NOTHING: Final = phrase(r"placebo", r"saline", r"sham", r"vehicle", r"standard", r"usual")
"""Interventions that stand for nothing given."""

CONDITIONED: Final = phrase(GIVEN_CELLS.pattern.removeprefix(START), r"condition(?:ing|ed)", r"regimens?", r"high dose")
"""A regimen is told in a sentence about the transplant or about conditioning."""

KIND_OPEN: Final = phrase(r"stem", r"regenerative")
"""Of a name: it calls the cells no more than this, so that a summary may say which they are."""

USE: Final = phrase(
    r"(?:re ?)?(?:receiv|administ|infus|inject|transplant|treat|given|undergo|implant|deliver|safety|efficacy|evaluat|investigat|assess|feasib|effect|compar|stud|condition|intra ?(?:thec|ven|spin|art|muscul|coron|les))\w{0,12}"
)
"""In running text a sentence about giving cells has one of these words; without one the cells are only spoken of."""

MAKING: Final = phrase(USE.pattern.removeprefix(START), r"(?:reprogram|generat|deriv|differentiat|convert|creat)\w{0,8}")
"""Of pluripotent cells it is enough to say that they are made."""

BACKGROUND: Final = phrase(
    r"(?:has|have|had) (?:also |previously |recently |already |significantly )?(?:been )?(?:improved|studied|shown|demonstrated|reported|suggested|proven|proposed|used|emerged)",
    r"previous(?:ly)? (?:stud|trial|report|publish|work)\w{0,4}",
    r"(?:animal|preclinical|pre clinical|mouse|mice|murine|rodent|rat) (?:model|stud)\w{0,4}",
    r"(?:such as|including|e ?g|(?<!embryonic\W)like|for example|for instance) (?:<w>){0,6}[^\W_]{0,24}$",
    r"(?:other|existing|current|available|alternative) (?:<w>){0,2}(?:treatments?|therapies|options?)",
    r"(?:ineligible|not eligible|excluded|will not|do not|does not|cannot|contra ?indicat)",
    r"(?:conditions?|diseases?|settings?) (?:such as|like|including)",
    r"(?:existing|other|commercial) products?",
    r"offers? (?:<w>){0,2}advantages?",
    r"among (?:<w>){0,3}sources",
    r"per (?:<w>){0,2}(?:standard|routine) (?:<w>){0,2}(?:care|practice)",
    r"in the future",
    r"is known",
    r"literature",
)
"""A sentence with one of these words tells what is known or done elsewhere, not what this study does."""

GENERAL: Final = phrase(
    r"promising",
    r"potential(?:ly)? (?:<w>){0,2}(?:therap|treatment|source|modality|approach|to|for)",
    r"(?:capable|capacity|ability|able) (?:of|to)",
    r"(?:can|may|could) (?:also )?be (?:<w>){0,2}(?:isolated|obtained|derived|harvested|found|extracted|differentiated|expanded|cultured)",
    r"multi ?potent (?:<w>){0,4}cells? (?:that|which|found|present|with)",
    r"(?:first|originally|initially) (?:described|identified|isolated|discovered|found)",
    r"found in|present in|reside in|various (?:tissues|sources)",
    r"cancers? of the blood",
    r"evidence",
    r"experimental models?",
    r"(?:cells?|[a-z]{0,5}MSCs?|marrow|therapy) (?:has|have) (?:<w>){0,2}been",
    r"propert(?:y|ies)",
    r"possess\w{0,3}",
    r"secretes?<e>",
    r"paracrine",
    r"differentiate (?:<w>){0,2}into",
    r"(?:is|are) (?:considered|thought|believed|known)",
    r"(?:is|are) (?:an? |the )?(?:<w>){0,2}(?:type|kind|population|source)s? of",
    r"(?:animals?|mice|mouse|rats?|murine|rodents?|in ?vitro|pre ?clinical\w{0,2})<e>",
    r"(?:several|many|numerous|recent|other|most) (?:<w>){0,2}(?:studies|trials|reports|authors|groups)",
    r"in (?:19|20)\d\d",
    r"it (?:is|has been|was) (?:reported|observed|demonstrated|shown)",
    r"(?:agree\w{0,4}|optional\w{0,2}|willing|consent\w{0,3}) to undergo",
    r"(?:trials?|studies) (?:investigating|enrolling|using)",
)
"""A sentence with one of these words tells what such cells are like, not where this study takes them from or how it gives them."""

OWN: Final = phrase(
    r"(?:this|present|current|our) (?:<w>){0,2}(?:study|trial|protocol|project|research)",
    r"(?:aims?|purpose|objectives?|goals?)<e>",
    r"to (?:evaluate|assess|investigate|determine|test|examine|explore|compare)",
    r"will (?:be|receive|undergo)",
)
"""A sentence with one of these words tells of this study, whatever else it says."""

DEFINES: Final = phrase(r"\(", r"is<e>", r"are<e>", r"consist", r"contain", r"compris", r"derived", r"composed", r"made")
GIVES: Final = phrase(
    r"given", r"used", r"administ", r"after", r"before", r"follow", r"prior", r"patients?", r"combin", r"versus", r"compar"
)
"""Words between an intervention's name and a kind of cell: the first say that it is these cells, the second that it goes with them."""

PLANNED: Final = phrase(
    r"(?:patients?|participants?|subjects?|we|arm|group|cohort|study|trial|protocol|investigators?|volunteers?)\W{0,3}(?:<w>){0,8}(?:will|are|is|to be|receives?|received|was|were)",
    r"(?:we|investigators?) (?:<w>){0,2}(?:expect|propose|plan|aim|intend|study)",
    r"they will",
    r"our (?:<w>){0,2}hypothes[ie]s",
    r"(?:cells?|[a-z]{0,5}MSCs?|HSCs?) (?:<w>){0,5}(?:will be|are|is|were|was) (?:<w>){0,2}(?:administ|inject|infus|transplant|given|implant|deriv|isolat|obtain|harvest|expand|collect|cultur|prepar|process|taken|extract|separat|manufactur|chosen|selected|used)",
    r"(?:infusions?|injections?|product|[a-z]{0,5}MSCs?|treatment|dose|chemo\w{2,7}|conditioning) (?:<w>){0,4}(?:will be|are|is|was|were)",
    r"component",
    r"in th(?:is|e present) (?:<w>){0,2}(?:study|trial)",
    r"(?:objectives?|aims?|purpose|goals?)",
)
"""The detailed description must say that people in the study get the cells."""

AIM: Final = phrase(r"^\W{0,6}(?:[ivx]{1,4}\. )?(?:to )?(?:assess|evaluate|determine|estimate|compare|investigate|study)<e>")
"""A line of a list of objectives: it tells of this study, though it names nobody."""

MAKES_UP: Final = phrase(r"<s>is an? (?:<w>){0,6}(?:consist|compos|compris)\w{2,4} of")
"""What a product is made of."""

PLAN: Final = phrase(
    r"will (?:<w>){0,2}(?:receive|undergo|consist|proceed|have)",
    r"will be (?:<w>){0,3}(?:treated|given|infused|transplanted|injected|implanted|administered|grafted|loaded)",
    r"(?:are|were|is|was|be) (?:<w>){0,2}(?:randomi[sz]ed|assigned|allocated) to",
)
"""What people in the study are to have."""

GIVING: Final = phrase(
    r"(?:re ?)?(?:receiv|administ|infus|inject|transplant|treat|given|gave|implant|deliver|graft|load|enrich|seed|inhal|instil)\w{0,9}",
    r"condition(?:ing|ed)",
)
"""Words of giving, without those of examining."""
