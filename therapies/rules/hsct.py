"""Blood-forming stem cells: what names their transplantation."""

from __future__ import annotations

from typing import Final

from therapies.rules.other_diseases import INHERITED, OF_TISSUES
from therapies.rules.products import anchors, of, patterns
from therapies.rules.regimens import CONDITIONING_WORDS
from therapies.rules.rule import LISTED, NAMED, SPELLED_OUT, START, Rule, phrase

BLOOD_FORMING = (r"<haem>", r"<s>[a-z]{0,4} ?HSCTs?<e>", r"<s>HCT<e>", r"peripheral blood (?:stem|progenitor)", r"marrow transplant")
NOT_BLOOD = (
    r"<mes>",
    r"stromal",
    r"<s>\w{0,4}MSCs?<e>",
    r"adipose",
    r"umbilical",
    r"wharton",
    r"placent",
    r"neural",
    r"intra ?thecal",
    r"mononuclear",
    r"pluripotent",
    r"embryonic",
    r"intra ?ventricular",
    r"intra ?nasal",
    r"intra ?articular",
    r"limbal",
    r"spermatogoni",
    r"periodontal",
    r"hair follicle",
    r"intra ?(?:coronary|myocard|vitre|cavern|arterial|portal|hepatic|pericard)",
    r"endo ?cardial",
    r"ovarian (?:artery|transplant|insufficien|failure|reserve|function)",
    r"intra ?ovar",
)

INTO_TISSUE: Final = phrase(
    r"intra ?(?:thecal|coronary|myocard|articular|muscular|ventricular|spinal|arterial|lesional|nasal|vitre|cavern|testic|ovar|uter|disc|portal|hepatic|pericard|ocular|derm)",
    r"(?:trans ?)?endo ?cardial",
    r"sub ?retinal",
    r"retro ?bulbar",
)
"""A transplant goes into a vein; the same cells put elsewhere are meant to mend that place, and nothing is ablated."""

FOR_THE_LABORATORY = (
    r"for use in (?:<w>){0,1}(?:research|laboratory)",
    r"(?:studied|used) for their (?:potential|possible)",
    r"donate (?:<w>){0,3}for (?:<w>){0,2}research",
)
"""In a summary: cells are collected to be studied, and nobody is given any."""

INTO_HEART_OR_LIMB: Final = phrase(
    r"intra ?(?:coronary|myocard|muscular|arterial|hepatic|vitre|cavern|articular)",
    r"endo ?cardial",
    r"(?:hepatic|coronary) artery",
    r"portal vein",
)

_PRODUCTS: Final = of("ahsct", "allo-hsct")
_CHANGED = r"(?:transduc|transfect|edited|correct(?:ed|ion)|modif|lentivir|retrovir|CRISPR|gene therapy|gene addition)\w{0,5}"
_BLOOD_CELLS = r"(?:CD ?34\W{0,2}|<haem> (?:stem|progenitor)|h?HSP?Cs?<e>)"

HSCT_RULES: Final = (
    Rule(
        "hsct-haematopoietic",
        "approach",
        "hsct",
        "transplants blood-forming stem cells",
        phrase(
            r"<haem> (?:<w>){0,4}<give>",
            r"(?:transplant\w{0,8}|infusion|grafting|rescue) (?:of |with )?(?!after|follow|before|post|prior|during|in<e>|for<e>)(?:<w>){0,2}<haem> (?:stem|progenitor|precursor|cell)",
            r"<haem> (?:stem|progenitor) cell (?:therapy|treatment|mobili)",
            r"haplo ?identical (?:<w>){0,4}(?:transplant\w{0,8}|grafts?<e>|BMT<e>|HCT<e>|recipients?|bone marrow|stem cells?)",
        ),
        ("haplo", "poie", "poet", "poei", "poye", "poii", "poï", "piet"),
        "The field's own name, in all its spellings, with an act of transplanting beside it.",
        ("NCT04047628", "NCT02674217", "NCT00497952"),
        where=SPELLED_OUT,
    ),
    Rule(
        "hsct-haematopoietic-product",
        "approach",
        "hsct",
        "gives blood-forming stem cells",
        phrase(r"<haem> (?:stem|progenitor|precursor) <cell>", r"<haem> (?:stem|progenitor)<e>", r"<haem> cells? transplant"),
        ("poie", "poet", "poei", "poye", "poii", "poï", "piet"),
        "An intervention that is called hematopoietic stem cells is their infusion, transplanting need not be said.",
        ("NCT03113162", "NCT02084121"),
        where=frozenset({"intervention", "arm"}),
        unless=phrase(r"pluri ?potent", r"<s>h?iPSC"),
    ),
    Rule(
        "hsct-product",
        "approach",
        "hsct",
        "transplants a product made of blood-forming stem cells",
        phrase(
            *patterns(_PRODUCTS),
            r"auto(?:gedt)?temcels?<e>",
            r"<s>HPC,? ?\(?[AMC]\)?<e>",
            r"<s>HPC,? (?:cord|apheresis|marrow)",
            r"<s>HPC ?-?[AMC]<e>",
        ),
        (*anchors(_PRODUCTS), "temcel", "=hpc"),
        "Product names carry no word of what is in them; the international ending for a person's own changed stem cells is autotemcel.",
        ("NCT05507827",),
        where=LISTED,
    ),
    Rule(
        "hsct-gene-therapy",
        "approach",
        "hsct",
        "gives back blood-forming stem cells that carry a changed gene",
        phrase(
            rf"{_CHANGED} (?:<w>){{0,6}}{_BLOOD_CELLS}",
            rf"{_BLOOD_CELLS} (?:<w>){{0,8}}{_CHANGED}",
            r"(?:stem|progenitor) cells? (?:<w>){0,2}gene (?:therap|transfer|addition|edit)",
            r"(?:gene therap\w{1,3}|gene transfer) (?:<w>){0,6}(?:stem|progenitor) cells?",
        ),
        (
            "cd34",
            "cd 34",
            "cd-34",
            "poie",
            "poet",
            "=hsc",
            "=hscs",
            "hspc",
            "gene therap",
            "gene-therap",
            "gene transf",
            "gene add",
            "gene edit",
            "gene-edit",
        ),
        "A gene is put into the person's own blood-forming cells, which are given back after conditioning: a transplant with changed cells.",
        ("NCT00598481", "NCT02633943"),
        unless=phrase(r"<mes>", r"stromal", r"<s>\w{0,4}MSCs?<e>", r"pluri ?potent", r"<s>h?iPSC"),
        ceiling=0.9,
        where=LISTED,
    ),
    Rule(
        "hsct-haematopoietic-named",
        "approach",
        "hsct",
        "names blood-forming stem cells and a transplant",
        phrase(r"<haem> (?:stem|progenitor|precursor) <cell>"),
        ("poie", "poet", "poei", "poye", "poii", "poï", "piet"),
        "In a title the cells alone could be a laboratory finding: a transplant or a donor's word must stand somewhere.",
        ("NCT01679041",),
        needs=phrase(r"transplant", r"<s>[a-z]{0,4} ?HSCT", r"<auto> ", r"<allo> ", r"graft", r"infusion", r"rescue", r"gene therapy"),
        unless=phrase(INTO_HEART_OR_LIMB.pattern.removeprefix(START), r"pluri ?potent", r"<s>h?iPSC"),
        ceiling=0.85,
        where=LISTED,
    ),
    Rule(
        "hsct-conditioned-by-name",
        "approach",
        "hsct",
        "transplants stem cells or marrow with conditioning",
        phrase(
            r"(?:stem cell|marrow|cord blood|<allo>) transplant\w{0,8} (?:<w>){0,3}(?:reduced (?:intensity|toxicity)|(?:non ?)?myelo ?ablative|RIC<e>)",
            r"(?:reduced (?:intensity|toxicity)|(?:non ?)?myelo ?ablative) (?:condition\w{2,3} )?(?:<w>){0,4}(?:stem cell|marrow) transplant\w{0,8}",
        ),
        ("reduced", "ablative", "=ric"),
        "Whatever cells of another kind are given too: what conditioning makes room for is a graft for the blood.",
        ("NCT00070187",),
        where=NAMED,
    ),
    Rule(
        "hsct-abbreviation",
        "approach",
        "hsct",
        "names HSCT",
        phrase(
            r"<s>(?:a|au|auto|allo|haplo|syn)? ?HSCTs?<e>",
            r"<s>(?:a|auto|allo)-?HCT<e>",
            r"<s>(?:<auto>|<allo>|auto|allo|haplo|haplo ?identical|syngeneic) ?(?:SCT|BMT|HCT|PBSCT)<e>",
            r"<s>PBSCT<e>",
            r"<s>ASCT<e>",
            r"<s>H?SCT (?:recipients?|survivors?|patients)",
            r"<s>H?SCT(?= (?:in|out)patients?)",
            r"<s>(?:HCT|BMT) (?:recipients?|survivors?)",
            r"<s>(?:(?<=undergoing\W)|(?<=unrelated\W)|(?<=sibling\W))(?:HCT|BMT|SCT)<e>",
            r"<s>(?:(?<=after\W)|(?<=post\W)|(?<=following\W))(?:HCT|BMT)<e>",
            r"<s>HDIT ?/ ?HCT<e>",
            r"<s>HSCs? transplant\w{0,6}",
            r"<s>aHSC<e> (?:transplant|therapy|infusion)",
            r"<s>(?:U?d?UCBT|CBT ?/ ?HSCT|ABMT|APBSCT|PBPCT|ASCR|PBSCR)<e>",
            r"<s>HD(?:C|T|CT) ?(?:/|and|with|plus|followed by)? ?(?:A?SCT|A?SCR|A?SCS|ABMT|PBSC)\w{0,2}<e>",
        ),
        ("sct", "hct", "bmt", "hsc", "ucbt", "pbpct", "ascr", "pbscr", "hdc", "hdt"),
        "Abbreviations that only this field uses.",
        ("NCT04674280", "NCT04203017"),
        where=SPELLED_OUT,
    ),
    Rule(
        "hsct-weak-abbreviation",
        "approach",
        "hsct",
        "uses an abbreviation of stem cell transplantation",
        phrase(r"<s>(?:BMT|HCT|SCT|PBSCs?|HSCs?)<e>"),
        ("sct", "hct", "bmt", "pbsc", "hsc"),
        "SCT is social cognitive theory too, HCT a haematocrit, BMT best medical treatment: the words must stand in full somewhere.",
        ("NCT00716066", "NCT00288626"),
        needs=phrase(
            r"stem cells? (?:<w>){0,2}transplant",
            r"<haem> (?:<w>){0,3}transplant",
            r"transplant\w{0,6} of (?:<w>){0,3}stem cell",
            r"marrow transplant",
            r"stem cell (?:rescue|graft|infusion)",
        ),
        unless=phrase(r"social cognitive", r"<mes>", r"mesenchym", r"best medical"),
        ceiling=0.85,
        where=LISTED,
    ),
    Rule(
        "hsct-marrow",
        "approach",
        "hsct",
        "transplants bone marrow",
        phrase(
            r"(?:bone )?marrow (?:auto|allo)?(?:transplant\w{0,8}|rescue|grafts?|grafting)",
            r"transplant\w{0,8} of (?:<w>){0,2}bone marrow(?! (?:derived|<mes>|stromal|mono|cells?|stem|aspirate|concentrate))",
            r"marrow ?/ ?stem cell transplant\w{0,8}",
            r"marrow (?:and|plus) (?:<w>){0,1}(?:kidney|renal) transplant\w{0,8}",
            r"marrow recipients?",
        ),
        ("marrow",),
        "Bone marrow transplantation is HSCT; infusing bone marrow cells without ablation is not and has its own rule.",
        ("NCT06267781", "NCT00017628"),
        unless=phrase(r"bone marrow (?:derived )?mono ?nuclear", r"liberation", *OF_TISSUES),
        where=SPELLED_OUT,
    ),
    Rule(
        "hsct-cord-blood",
        "approach",
        "hsct",
        "transplants cord blood",
        phrase(
            r"cord blood (?:<w>){0,6}transplant\w{0,8}",
            r"transplant\w{0,8} of (?:<w>){0,5}cord blood(?! (?:derived )?(?:<w>){0,1}(?:mono|<mes>|MNC|\w{0,3}MSC))",
            r"cord (?:blood )?(?:units?|grafts?)",
            r"HPC ?,? cord blood",
            r"cord blood (?:<w>){0,6}for (?:<w>){0,3}transplant",
            r"cord blood (?:<w>){0,2}engraftment",
            r"<s>UCBT<e>",
        ),
        ("cord blood", "cord-blood", "cord unit", "cord graft", "ucbt"),
        "In diseases of the blood a graft of cord blood replaces the blood's cells.",
        ("NCT01854567", "NCT03096782"),
        where=LISTED,
        needs=phrase(
            r"leuk[ae]",
            r"lymphoma",
            r"myelo",
            r"anemia",
            r"thalass",
            r"immun\w{1,4} ?deficien",
            r"malignan",
            r"ha?ematolog",
            r"cancers?<e>",
            r"engraft",
            r"graft (?:versus|failure)",
            r"unrelated",
            r"recipients?",
            r"sickle",
            r"\w{0,8}virus",
            r"double",
            r"haplo",
            r"(?:platelet|neutrophil|immune) (?:<w>){0,1}recovery",
            *INHERITED,
            *CONDITIONING_WORDS,
        ),
    ),
    Rule(
        "hsct-marrow-cells-conditioned",
        "approach",
        "hsct",
        "transplants cells of the bone marrow after conditioning",
        phrase(
            r"marrow (?:stem )?cells? (?:auto|allo)?(?:transplant\w{0,8}|rescue|grafts?)",
            r"transplant\w{0,8} of (?:<w>){0,2}(?:bone )?marrow (?:stem )?cells?",
        ),
        ("marrow",),
        "Without conditioning the same words mean an infusion of marrow cells.",
        (),
        needs=phrase(*CONDITIONING_WORDS, *BLOOD_FORMING),
        unless=phrase(r"<mes>", r"stromal", r"mono ?nuclear"),
        where=LISTED,
    ),
    Rule(
        "hsct-peripheral-blood",
        "approach",
        "hsct",
        "gives stem cells from the blood",
        phrase(
            r"peripheral (?:blood )?(?:stem|progenitor|CD ?34\W{0,2}(?: selected)?) (?:<w>){0,2}(?:<give>|cells?)",
            r"blood stem cells? <give>",
            r"(?:<auto>|<allo>|auto|allo|haplo ?identical|matched|G ?CSF mobili[sz]ed) (?:<w>){0,2}PBSCs?<e>",
            r"PBSCs? <give>",
            r"(?:auto|allo)grafts? of (?:<w>){0,2}stem cells?",
        ),
        ("peripheral", "blood stem", "blood-stem", "bloodstem", "graft", "pbsc"),
        "Peripheral blood stem cells are collected for transplantation.",
        ("NCT02674217", "NCT00017628"),
        unless=phrase(INTO_TISSUE.pattern.removeprefix(START), *OF_TISSUES, *FOR_THE_LABORATORY),
        where=LISTED,
    ),
    Rule(
        "hsct-cd34",
        "approach",
        "hsct",
        "gives CD34-selected stem cells",
        phrase(
            r"CD ?34\W{0,2} ?(?:select|enrich|positive|purif)?\w{0,5} (?:<w>){0,3}(?:<give>|(?:stem|progenitor) cells?|grafts?)",
            r"CD ?34\W{0,2} ?(?:select|enrich|purif)\w{0,5} (?:<w>){0,2}cells?",
            r"(?:infus|select)\w{0,4} (?:of )?(?:<auto> )?CD ?34\W{0,2} ?(?:select|enrich|positive)?\w{0,5} ?(?:cells?)?",
        ),
        ("cd34", "cd 34", "cd-34"),
        "CD34 marks blood-forming stem cells; selecting them is a step of the transplant.",
        ("NCT00288626", "NCT01099930"),
        needs=phrase(*CONDITIONING_WORDS[:20], r"transplant"),
        unless=phrase(INTO_TISSUE.pattern.removeprefix(START), r"endothelial progenitor"),
    ),
    Rule(
        "hsct-ablation",
        "approach",
        "hsct",
        "ablates the immune system before a stem cell rescue",
        phrase(
            r"immuno ?ablat\w{0,6}",
            r"myelo ?ablat\w{0,6}",
            r"high dose (?:<w>){0,3}(?:immuno ?suppress\w{0,5}|chemo ?therap\w{0,3}|chemo|cyclophosphamide|immunotherapy)",
            r"<s>HDI[CT]T?<e>",
        ),
        ("ablat", "high dose", "high-dose", "hdi"),
        "Immunoablation counts only where cells are given back: high-dose cyclophosphamide alone is not a transplant.",
        ("NCT01099930", "NCT00288626"),
        where=NAMED,
        needs=phrase(
            r"(?<!without\W)(?<!no\W)(?<!not\W)stem cell",
            r"transplant\w{0,8}",
            r"(?:marrow|(?<!stem\W)cells?|cellular) (?:rescue|support)",
            r"progenitor cell",
            r"graft",
        ),
        unless=phrase(r"without (?:<w>){0,3}(?:stem|transplant|rescue|marrow)", r"no stem cell", *NOT_BLOOD[:5]),
        ceiling=0.85,
    ),
)

ALLO_RULE: Final = Rule(
    "allo-hsct",
    "therapy",
    "allo-hsct",
    "transplants a donor's stem cells",
    phrase(
        r"<allo>",
        r"haplo ?identical",
        r"(?:un)?related donors?",
        r"(?:matched|sibling) (?:<w>){0,1}donors?",
        r"<s>allo ?-?(?:HSCT|SCT|BMT|HCT)<e>",
    ),
    ("gen", "haplo", "donor", "sibling", "allo"),
    "Allogeneic transplantation is another therapy than autologous, with other risks.",
    ("NCT00497952",),
)

REGIMENS_OF_CANCER: Final = frozenset({"beam", "beam-drugs", "tbi"})

MOBILISES: Final = "hsct-mobilisation"
"""The rule of studies that only collect cells, for a transplant that comes later."""

CHANGED_CELLS: Final = frozenset({"hsct-gene-therapy", "hsct-gene-therapy-ex-vivo"})
"""Rules of transplants of changed cells: these are people's own, and the drugs that make room for them are no regimen of their own."""

NOT_THE_GRAFT: Final = phrase(r"^ (?:<w>){0,2}(?:<mes>|[a-z]{0,4}MSCs?<e>|adipose)")
"""After a donor's word: other cells than the blood-forming ones are meant."""
