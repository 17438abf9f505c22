"""Contexts that take a hit back: denials, earlier treatments, measurements, other cells."""

from __future__ import annotations

from typing import Final

from therapies.rules.other import CELL_FREE
from therapies.rules.rule import CONFIDENCE, NAMED, Guard, phrase

GUARDS: Final = (
    Guard(
        "guard-negated",
        "the words are denied",
        "People who have *not* had a transplant, or a plan *without* stem cells.",
        before=phrase(
            r"<s>(?:no|not|(?<!with\sor\s)(?<!with\sand\s)without|never|nor|instead of|rather than|other than|alternatives? to|except|ineligible for|unsuitable for|avoid(?:ing|ed)?|cannot)"
            r"(?: (?:yet|have|has|had|having|been|be|receiv\w{0,3}|undergo\w{0,4}|undergone|treated|with|by|previous\w{0,2}|prior|an?|any|the|eligible|suitable|"
            r"for|to|of|planned|intended|candidates?|<auto>|<allo>|human|bone|marrow|derived|<haem>|stem|cells?|peripheral|blood)){0,8}\W{0,3}$"
        ),
        examples=("NCT03822858",),
    ),
    Guard(
        "guard-prior",
        "the words tell of an earlier treatment",
        "A treatment that people had before is no approach of this study. In a title it tells of treated people, and the role rules read it.",
        before=phrase(
            r"<s>(?:prior(?!\sto<e>)|previous(?:ly)?|history of|past|earlier|formerly|ever)(?: (?:received|treated|undergone|treatments?|therapy|with|by|or|and|an?|the|"
            r"<auto>|<allo>|to|use|exposure|chemotherapy|human|bone|marrow|derived|<haem>|stem|cells?|peripheral|blood)){0,8}\W{0,3}$"
        ),
        tiers=frozenset({"description", "summary", "detail", "arm", "criteria", "keyword"}),
    ),
    Guard(
        "guard-relapsed",
        "the words tell what did not last",
        "People whose disease came back after a transplant are given something else.",
        before=phrase(
            r"(?:relaps\w{0,4}|refractory|recurr\w{0,4}|progress\w{0,4}|fail(?:ed|ing|ure)|persist\w{0,4}) (?:<w>){0,3}(?:after|following|to|post|from)<e>"
            r"(?: (?:an?|the|<auto>|<allo>|auto|allo|or|and|prior|previous|high|dose|chemotherapy|<haem>|stem|cells?|bone|peripheral|blood|haplo ?identical)){0,8}\W{0,3}$"
        ),
        approaches=frozenset({"hsct", "other"}),
        tiers=frozenset({"description", "summary", "detail", "keyword", "outcome"}),
        examples=("NCT02228096",),
    ),
    Guard(
        "guard-lines",
        "the words tell of lines of treatment that people had",
        "A drug for people after one to three lines, transplantation among them, gives no transplant.",
        before=phrase(
            r"lines? (?:of (?:<w>){1,3})?(?:including|with)(?: (?:an?|the|prior|previous|<auto>|<allo>|<haem>|stem|cells?|bone|marrow)){0,5}\W{0,3}$"
        ),
        approaches=frozenset({"hsct"}),
    ),
    Guard(
        "guard-opinion",
        "the words name what people are asked of",
        "A survey of what people know of banking cord blood, or think of stem cells, gives none and makes none.",
        before=phrase(
            r"(?:knowledge|attitudes?|awareness|perceptions?|opinions?|beliefs?|willingness)<e> (?:<w>){0,9}(?:towards?|about|on|of|regarding|for|to)<e> (?:<w>){0,5}$",
            r"(?:educat\w{2,5}|lectures?|teaching|instruction|information) (?:<w>){0,2}(?:about|on|of|regarding)<e> (?:<w>){0,3}$",
        ),
        after=phrase(
            r"^ (?:<w>){0,1}(?:bank\w{0,3}|donation|treatments?|therap\w{1,3}) (?:knowledge|attitudes?|awareness|perceptions?|opinions?)<e>"
        ),
        approaches=frozenset({"msc", "ipsc", "other"}),
        tiers=NAMED | {"keyword"},
    ),
    Guard(
        "guard-interrupted",
        "the words tell when a drug is given again",
        "A drug that may go on after a transplant, which some have between, is what the arm gives.",
        before=phrase(
            r"(?:resum|continu|restart|re ?start|paus|interrupt|stop|held|withheld)\w{0,5} (?:<w>){0,3}(?:after|following|post|before|until|for|during)<e>(?: (?:<w>){0,2})?\W{0,3}$"
        ),
        approaches=frozenset({"hsct"}),
        tiers=frozenset({"description"}),
    ),
    Guard(
        "guard-made-of-ipsc",
        "the words name what induced pluripotent cells are turned into",
        "Progenitors of muscle or liver that are made of iPSC are an approach of their own.",
        before=phrase(r"(?:iPSC?s?|pluri ?potent stem cells?)(?: \( ?h?iPSC?s? ?\))? derived (?:<w>){0,3}$"),
        after=phrase(
            r"^ (?:which (?:are|were) )?(?:derived|made|generated|differentiated) (?:from|of) (?:<w>){0,4}(?:h?iPSC?s?<e>|induced pluri)"
        ),
        approaches=frozenset({"other"}),
        examples=("NCT06692426",),
    ),
    Guard(
        "guard-mobilised",
        "the words name cells that a drug moves into the blood",
        "A drug that is meant to send one's own stem cells to an ailing organ gives none: a curator decides.",
        before=phrase(r"mobili[sz]\w{1,5} (?:of )?(?:<w>){0,2}$"),
        approaches=frozenset({"other"}),
        leaves=0.5,
    ),
    Guard(
        "guard-laboratory",
        "the words name what is kept for research, or what drugs are tried on",
        "Stem cells that are collected for research, or from which a drug was screened, are given to nobody.",
        after=phrase(r"^ for (?:<w>){0,2}research", r"^ (?:<w>){0,1}(?:based )?(?:drug )?screen\w{0,3}"),
        approaches=frozenset({"ipsc", "other"}),
        tiers=frozenset({"title"}),
    ),
    Guard(
        "guard-tried-in-the-laboratory",
        "the words name what a drug was tried on before",
        "A drug that did well in screens with cultures made of iPSC is given without any cells.",
        before=phrase(r"(?:screen\w{0,4}|assays?|seen|found|identified|discover\w{0,3}) (?:<w>){0,4}(?:in|with|using|on) (?:<w>){0,4}$"),
        approaches=frozenset({"ipsc"}),
        tiers=frozenset({"summary", "detail"}),
    ),
    Guard(
        "guard-cell-free",
        "the words name what the cells release",
        "Exosomes, vesicles, secretome and conditioned medium of mesenchymal cells are not cells.",
        after=phrase(
            r"^ (?:\( ?[\w-]{0,12} ?\) )?(?:(?:derived|released|secreted|based|cultured?|human|small|constituent|protein) ){0,4}"
            + CELL_FREE,
            r"^ ?CM<e>",
        ),
        approaches=frozenset({"msc"}),
        examples=("NCT06607900", "NCT07146087"),
    ),
    Guard(
        "guard-cell-free-source",
        "the words name where a cell-free product comes from",
        "Exosomes derived from mesenchymal cells are not cells.",
        before=phrase(
            rf"{CELL_FREE} $",
            rf"{CELL_FREE} \((?:<w>){{0,12}}\w{{1,16}}\) (?:of|from) $",
            rf"{CELL_FREE} (?:<w>){{0,2}}(?:derived|isolated|from|of)(?: (?:from|of|human|<auto>|<allo>|adipose|umbilical|cord|placent\w{{0,4}}|amnio\w{{0,3}}|wharton\W{{0,2}}s?|jelly|menstrual|dental|pulp|tissue|bone|marrow|(?:hyp|norm)oxi\w{{1,3}}|cultured|primed)){{0,5}}\W{{0,3}}$",
        ),
        approaches=frozenset({"msc", "other"}),
        examples=("NCT04276987",),
    ),
    Guard(
        "guard-measured",
        "the cells are measured, not given",
        "Counts, levels and responses of stem cells are laboratory findings.",
        before=phrase(
            r"(?:number|levels?|counts?|frequenc(?:y|ies)|proportion|percentage|response|responses|circulating|(?:effects?|impact|influence) of (?:<w>){1,8}on|"
            r"analysis|quantification|expression|isolation|behaviou?r|properties|recruitment|damage|toxicity|defects?) (?:of |in |from |on |to )?(?:<w>){0,2}$",
            r"(?:effects?|impact|influence) of (?:<w>){1,8}on (?:<w>){0,8}$",
            r"(?:proliferation|differentiation|apoptosis|mobili[sz]ation) (?:and (?:<w>){1,2})?of (?:<w>){0,4}$",
        ),
        after=phrase(
            r"^(?:\W{0,3}\(?[\w+]{0,8}\)?)?\W{0,3}(?:counts?|levels?|numbers?|frequenc|response to|markers?|mobili[sz]ation (?:by|with)|function|proliferation|differentiation|behaviou?r|senescence|ag(?:e)?ing|activation|regeneration|biology|recruitment|homing)"
        ),
        examples=("NCT04126603", "NCT02468492"),
        approaches=frozenset({"msc", "other"}),
        tiers=frozenset(CONFIDENCE) - {"intervention"},
    ),
    Guard(
        "guard-feeder",
        "the words name cells that other cells are grown with",
        "What only shares the culture in the laboratory is not given.",
        before=phrase(r"(?:co ?cult\w{2,8}|expan\w{2,4}|grown|fed) (?:with|on|over|by) (?:<w>){0,3}$"),
        after=phrase(r"^ ?(?:tol ?)?DCs?<e>", r"^ (?:co ?cultur\w{1,3}|expan(?:sion|ded) (?:plus|cord|units?))"),
        approaches=frozenset({"msc"}),
        examples=("NCT05207995", "NCT01854567", "NCT03096782"),
    ),
    Guard(
        "guard-content",
        "the words name what a tissue holds",
        "Fat and marrow are rich in such cells; a graft of them is no cell product.",
        before=phrase(
            r"(?:rich in|(?:small|high|low|large) (?:amounts?|numbers?|concentrations?|quantit\w{1,3}) of|sources? of|reservoirs? of) (?:<w>){0,4}$"
        ),
        approaches=frozenset({"msc"}),
        tiers=frozenset({"description", "summary", "detail"}),
        examples=("NCT04274543",),
    ),
    Guard(
        "guard-content-of-graft",
        "the words name what the tissue that is given holds",
        "Concentrated marrow that contains such cells is no cell product, wherever it says so.",
        before=phrase(
            r"(?:concentrates?|BMAC|aspirates?|fat|lipo\w{3,9}|plasma|PRP|fraction|SVF)\W{0,2} (?:which |that |is |are )?(?:contain\w{0,3}|rich in|enriched (?:in|with)|includ\w{1,3}|with (?:<w>){0,2}(?:of|its)) (?:<w>){0,4}$",
        ),
        approaches=frozenset({"msc"}),
        tiers=frozenset({"intervention", "arm", "description", "summary", "detail"}),
        examples=("NCT04739930",),
    ),
    Guard(
        "guard-outcome-elsewhere",
        "the words count who goes on to a transplant",
        "How many people need a transplant later is an outcome of another treatment.",
        before=phrase(
            r"(?:time to|proceed\w{0,3} to|rates? of|bridg\w{1,3} to|eligib\w{2,4} for|undergo\w{0,4}|receiv\w{1,3}|subsequent|number of|percentage of|proportion of|incidence of|"
            r"need for|feasibility of|without|or) (?:<w>){0,6}$"
        ),
        tiers=frozenset({"outcome"}),
    ),
    Guard(
        "guard-counted",
        "the cells are counted, not given",
        "Progenitor cells in the blood are a biomarker.",
        before=phrase(r"(?:number|levels?|counts?|frequenc(?:y|ies)|proportion|percentage|circulating) (?:of |in )?(?:<w>){0,2}$"),
        after=phrase(r"^ (?:counts?|levels?|numbers?|frequenc)"),
        approaches=frozenset({"hsct"}),
    ),
    Guard(
        "guard-complication",
        "the words tell what another disease comes from",
        "Graft-versus-host disease is a complication of a transplant: a drug against it gives none.",
        before=phrase(
            r"(?:complications?|causes?|mortality|morbidity|problems?|barriers?|limitations?|sequelae|toxicit\w{1,3}) (?:<w>){0,3}(?:of|after|following|in|to|post)"
            r"(?: (?:<auto>|<allo>|an?|the|human|<haem>|stem|cells?|bone|peripheral|blood)){0,4}\W{0,3}$"
        ),
        approaches=frozenset({"hsct", "other"}),
        tiers=frozenset({"description", "summary", "detail"}),
        examples=("NCT05368181", "NCT00224874"),
    ),
    Guard(
        "guard-people",
        "the words describe people, perhaps with another disease",
        "Vaccine studies take people with MS beside recipients of transplants: a curator tells them apart.",
        before=phrase(
            r"recipients? of (?:<w>){0,2}$", r"(?:patients?|people|those|persons?) (?:with|having) (?:an? )?(?:<auto> |<allo> )?$"
        ),
        after=phrase(r"^ (?:<give> )?(?:\( ?[\w-]{0,12} ?\) )?(?:recipients?|survivors?|complications?)"),
        approaches=frozenset({"hsct"}),
        leaves=0.6,
        examples=("NCT03490396", "NCT00079222"),
    ),
    Guard(
        "guard-planned",
        "the words tell what people are due to have anyway",
        "An arm of people who await a transplant is no arm that gives one.",
        before=phrase(r"(?:planned|scheduled|listed|waiting|awaiting|due|candidates?|eligible|indicated|referred) (?:for )?(?:<w>){0,4}$"),
        approaches=frozenset({"hsct"}),
        tiers=frozenset({"description", "summary", "detail"}),
        examples=("NCT03466944",),
    ),
    Guard(
        "guard-network",
        "the words are a network's name",
        "BMT CTN is a network that runs trials, of drugs too.",
        after=phrase(r"^ (?:CTN<e>|clinical trials network)"),
        approaches=frozenset({"hsct"}),
        examples=("NCT00224874",),
    ),
    Guard(
        "guard-earlier-graft",
        "the words name the graft from whose donor other cells come",
        "Cells of an earlier transplant's donor are no transplant.",
        before=phrase(r"<s>(?:prior|previous|former) ?$"),
        approaches=frozenset({"hsct"}),
        tiers=frozenset({"intervention"}),
        examples=("NCT06326021",),
    ),
    Guard(
        "guard-plant",
        "the words name cells of a plant",
        "Creams and exosomes of roses or apples are no stem-cell treatment.",
        before=phrase(
            r"(?:rose|plants?|apple|grape|ginseng|edelweiss|argania spinosa|argan|malus domestica|lavender|centella)(?: derived)? $"
        ),
    ),
    Guard(
        "guard-memory",
        "the words name another cell",
        "Memory T cells are called stem-like; tumours have stem cells; a brain stem is no stem cell, and stem cell factor no cell.",
        before=phrase(r"(?:cancer|tumou?r|leuk[ae]{1,2}mi[ac]|glioma|memory|brain) ?$"),
        after=phrase(r"^ ?(?:like )?(?:memory|T cells?)", r"^ factors?<e>", r"^ (?:deficien|exhaust|niche)\w{0,4}"),
        examples=("NCT00861679", "NCT02089919"),
    ),
    Guard(
        "guard-cord-blood-mesenchymal",
        "the words go on to name mesenchymal cells",
        "Mesenchymal cells grown from cord blood or from embryonic cells are counted as MSC.",
        after=phrase(r"^\W{0,3}(?:derived )?(?:multipotent )?<mes>"),
        approaches=frozenset({"other"}),
        examples=("NCT01297205",),
    ),
)
