"""Whose cells they are: the patient's own, another person's, a twin's."""

from __future__ import annotations

from typing import Final

from therapies.rules.products import anchors, of, patterns
from therapies.rules.rule import CLASSIFYING, NOT_A_GRAFT, REVIEWED, Rule, phrase
from therapies.rules.sources import CORD

_OTHER_GIFT = r"(?! (?:(?!transplant|in<e>|for<e>|HSCT|SCT)<w>){0,2}(?:f(?:a)?ecal|FMT<e>|microbio\w{0,3}|CAR<e>|T ?cells?|T ?lymph|lymphocyte|dendritic|serum|plasma|NK<e>|platelet|fibrin|tolerogenic|PR[PF]<e>|chondr\w{2,7}|conditioned serum|cartilage|nerve|tendon|iliac (?:crest )?(?:bone )?graft|whole blood|CSF<e>|cerebro ?spinal|bone (?:tissue|matrix|graft|chips)))"

_OWN: Final = of(donor="autologous")
_DONATED: Final = of(donor="allogeneic")

OWN_BIRTH_TISSUE: Final = phrase(r"<auto> (?:<w>){0,3}(?:umbilical|cord|placent)")
"""A child's own cord, kept since its birth."""

DONOR_RULES: Final = (
    Rule(
        "donor-autologous",
        "donor",
        "autologous",
        "gives people their own cells",
        phrase(
            r"<auto><e>" + _OTHER_GIFT,
            r"<s>a-?HS?CTs?<e>",
            r"<s>auto-?(?:BM|AD|MSC|PBSC)",
            r"<s>auto (?:and |or )?allo ?(?:HSCT|SCT|BMT|HCT|transplant)",
            r"<s>au(?:to)?-?(?:HSCT|SCT|BMT|HCT|PBSCT)\w{0,2}<e>",
            r"<s>ASCT<e>",
            r"<s>auto ?transplant\w{0,8}",
            r"(?:patients?|participants?|subjects?|persons?|one|your|their|his|her)\W{0,2}s? own (?:(?!cartilage|chondro|platelet|plasma|T |serum)<w>){0,4}(?:stem|cells?|marrow|msc|fat|adipose|blood|nasal|olfactory)",
            r"(?:child(?:ren)?|infants?|bab(?:y|ies))\W{0,2}s? own (?:<w>){0,4}(?:stem|cells?|marrow|cord|tooth|teeth|canine|pulp|blood)",
            r"(?:patients?|participants?|subjects?)\W{1,2}s? (?:cultured|expanded|harvested|isolated) (?:<w>){0,3}(?:stem|stromal|<mes>|marrow|[a-z]{0,4}MSCs?)",
            r"(?:receiv\w{1,3}|us(?:e|ing)|with|given|inject\w{0,3}|infus\w{0,3}|of|from) (?:the |their )?own (?:(?!cartilage|chondro|platelet|plasma|T |serum)<w>){0,3}(?:stem|cells?|marrow|msc|fat|adipose)",
            r"(?<!donors\W)(?<!donor's\W)own (?:<haem> |peripheral blood |bone |heart |cardiac )?(?:stem cells?|marrow)(?! donors?)",
            r"(?:stem|stromal|progenitor) cells? (?:of|from) (?:the|their) own",
            r"(?<!donors\W)(?<!donor's\W)own (?:or (?:<w>){1,3})?(?:<w>){0,2}(?:cord|umbilical)",
            r"self (?:bone )?(?:marrow|stem cells?)",
            r"autogenous (?:<w>){0,3}(?:stem|stromal|<mes>|cells?)",
            r"(?:marrow|tissues?|fat|pulp|biopsy|crest|blood|cells?|harvested|derived|obtained|isolated|collected|taken|aspirated|drawn) (?:of|from) (?:the|each) (?:same )?(?:patients?|participants?|subjects?|recipients?)(?! (?:with|who|undergoing|after))",
            r"<s>MSC ?NPs?<e>",
            r"auto(?:gedt)?temcels?<e>",
            r"(?:patients?|participants?|subjects?) will (?:<w>){0,2}(?:undergo|have) (?:<w>){0,2}(?:leuk[ao]?|stem cell )?apheres[ei]s",
            r"(?:patients?|participants?|subjects?) will (?:<w>){0,2}(?:undergo|have) (?:<w>){0,2}leuk[ao]?pheres[ei]s",
            *patterns(_OWN),
        ),
        (
            "auto",
            "=self",
            "sct",
            "hct",
            "bmt",
            "=own",
            "msc-np",
            "mscnp",
            "msc np",
            *anchors(_OWN),
            "the pat",
            "each pat",
            "the part",
            "each part",
            "the subj",
            "each subj",
            "the recip",
            "each recip",
            "same pat",
            "pheres",
        ),
        "The word, its typos (Autologus), abbreviations that hold it, and products that are always autologous.",
        ("NCT01895439", "NCT04674280"),
        where=REVIEWED | {"outcome"},
    ),
    Rule(
        "donor-allogeneic",
        "donor",
        "allogeneic",
        "gives cells of another person",
        phrase(
            r"<allo><e>" + _OTHER_GIFT,
            r"donated (?:<w>){0,3}(?:<cord>|cords?<e>|placent\w{1,3}|marrow|fat|adipose)",
            r"(?:<cord>|cords?|placent\w{1,3}|marrow|fat|adipose tissue|cells) (?:<w>){0,3}donated",
            r"<s>allo ?-?(?:HSCT|SCT|BMT|HCT|MSCs?)<e>",
            r"<s>allo ?transplant\w{0,8}",
            r"haplo ?identical",
            r"<s>haplo ?(?:HSCT|SCT|BMT|HCT|PBSCT|grafts?)<e>",
            r"<s>(?:M?MUD|URD)<e>",
            r"sibling (?:<w>){0,1}(?:transplant|grafts?<e>|HSCT|SCT|BMT|HCT|PBSCT)",
            r"(?:parental|maternal|paternal) (?:<w>){0,1}(?:grafts?|donors?|marrow|HSCT|stem cells?|transplant)",
            r"(?:(?:mis)?matched|identical) (?:siblings?|parents?)<e>(?! (?:<w>){0,2}controls?)",
            r"(?<!transplant\W)(?<!treatment\W)(?<!therapy\W)(?:un|mis)?related (?:(?:haplo|partially|matched|mismatched|peripheral) )?(?:bone marrow|blood|<haem>|HSCT|SCT|HCT|BMT|PBSCT|cord|stem)",
            r"donor (?!types?<e>)(?:<w>){0,2}(?:stem|marrow|peripheral|graft|<haem>)",
            r"HLA ?(?:identical|(?:mis)?matched)",
            r"geno ?identical",
            r"(?:(?:mis)?matched|identical) (?:<w>){0,1}(?:sibling|relatives?|family) (?:<w>){0,2}(?:transplant|grafts?<e>|<haem>|HSCT|SCT|BMT|HCT|marrow|stem)",
            r"(?:healthy|unrelated|related|sibling|matched|universal) (?:<w>){0,2}donors?",
            r"<s>DUOC ?01<e>",
            r"off ?the ?shelf",
            r"third party",
            r"heterolog\w{2,4}",
            *patterns(_DONATED),
            r"from the same donors?",
            r"(?:<mes>|MSCs?) (?:<w>){0,6}(?:of|from) (?:<w>){0,2}(?:donors?|healthy volunteers)",
            r"marrow (?:of|from) (?:<w>){0,1}(?:donors?|healthy volunteers)(?! and patients)",
            r"(?:first degree|family) (?:relatives?|donors?)",
            r"donors? (?:derived|<mes>|\w{0,4}MSCs?)",
        ),
        (
            "logen",
            "hla",
            "allo",
            "haplo",
            "donor",
            "volunteer",
            "related",
            "duoc",
            "shelf",
            "third",
            "heterolog",
            "relative",
            "genoidentical",
            "parental",
            "sibling",
            "maternal",
            "paternal",
            "=mud",
            "=mmud",
            "=urd",
            "donated",
            "geno-identical",
            "identical",
            "matched",
            *anchors(_DONATED),
        ),
        "The word, its typos (Allogenic), and products that are always allogeneic.",
        ("NCT03326505", "NCT02418325"),
        where=REVIEWED | {"outcome"},
    ),
    Rule(
        "donor-syngeneic",
        "donor",
        "syngeneic",
        "gives cells of an identical twin",
        phrase(r"syngen\w{0,5}", r"identical twin(?! (?:<w>){0,2}discordant)"),
        ("syngen", "twin"),
        "A twin's cells.",
        ("NCT00716066",),
        where=CLASSIFYING,
    ),
    Rule(
        "donor-cord-blood-graft",
        "donor",
        "allogeneic",
        "transplants a donor's cord blood",
        phrase(r"cord blood (?:<w>){0,6}transplant\w{0,8}", r"cord blood (?:<w>){0,2}(?:grafts?|HSCT|SCT|units?)", r"<s>UCBT<e>"),
        ("cord blood", "cord-blood", "ucbt"),
        "Banked cord blood is another person's unless the record says otherwise.",
        ("NCT01742533", "NCT04213131"),
        unless=phrase(r"<auto> (?:<w>){0,3}(?:umbilical|cord)"),
    ),
    Rule(
        "donor-graft-versus-host",
        "donor",
        "allogeneic",
        "is about graft-versus-host disease, which only a donor's graft causes",
        phrase(r"graft (?:versus|vs|against) host", r"<s>[ac]{0,2}GVHD<e>"),
        ("host", "gvhd"),
        "The donor of the transplant need not be named; of other cells it says nothing.",
        ("NCT00031148", "NCT03112603"),
        where=REVIEWED | {"outcome"},
        ceiling=0.7,
    ),
    Rule(
        "donor-embryonic",
        "donor",
        "allogeneic",
        "gives cells made from an embryonic line",
        phrase(r"embryonic (?!like)(?:<w>){0,1}stem", r"<s>h?ESCs?<e>"),
        ("embryonic", "=esc", "=escs", "=hesc", "=hescs"),
        "A line is never the patient's own.",
        ("NCT05519384",),
        ceiling=0.7,
    ),
    Rule(
        "donor-birth-tissue",
        "donor",
        "allogeneic",
        "gives cells of birth tissue, which for adults are another person's",
        phrase(
            r"<cord> cord",
            r"<cord> (?:<mes>|MSC|stem)",
            r"<s>h?UC ?-?MSCs?<e>",
            r"<s>h?UMSCs?<e>",
            r"wharton\W{0,2}s? jelly",
            r"placent\w{0,4}<e>" + NOT_A_GRAFT,
            r"amnio(?:n|tic)\w{0,2}<e>" + NOT_A_GRAFT,
            r"cord blood",
            r"(?:fetal|foetal|embryonic(?! like))",
            r"<s>WJ ?MSC",
        ),
        (
            *CORD,
            "placent",
            "amnio",
            "=cord",
            "fetal",
            "foetal",
            "embryonic",
            "wj",
        ),
        "Nobody with MS has banked their own cord; the record need not say so. Inferred, so held just above the bar.",
        ("NCT06607900",),
        where=REVIEWED,
        ceiling=0.7,
        unless=OWN_BIRTH_TISSUE,
    ),
    Rule(
        "donor-harvested",
        "donor",
        "autologous",
        "draws fat or marrow from the people whom it treats",
        phrase(
            r"lipo ?harvest\w{0,5}",
            r"(?:abdom\w{2,6}|thighs?|flanks?) (?:<w>){0,3}(?:fat|adipose|lipo)",
            r"(?:fat|adipose tissue|lipo\w{3,9}) (?:<w>){0,5}(?:from|of|in) (?:<w>){0,2}(?:abdom|thigh|flank|belly)",
            r"(?:posterior |anterior )?iliac (?:crests?|spines?)",
            r"(?:hip|pelvic|pelvis) bone",
            r"bone near the hip",
            r"lipo ?suction (?:is|will be|was) (?:carried|perform|done)",
            r"(?:patients?|participants?|subjects?|women|men) (?:will |who )?(?:undergo\w{0,3}|underwent|have|had) (?:<w>){0,3}(?:lipo ?(?:suction|aspirat\w{1,3})|(?:fat|adipose tissue) (?:harvest\w{0,3}|biops\w{1,3}|collect\w{1,3}|extract\w{1,3})|marrow (?:harvest\w{0,3}|collect\w{1,3}|extract\w{1,3}))",
            r"(?:biops\w{1,3}|taken|harvested|cells?|tissue) (?:<w>){0,3}(?:of|from) (?:<w>){0,2}(?:healthy|fellow|other|contralateral|unaffected|uninjured) eyes?<e>",
            r"from (?:each|every) (?:patient|participant|subject) (?:<w>){0,5}(?:fat|adipose|marrow)",
            r"(?:fat|adipose tissue|marrow)(?: samples?)? (?:is|are|will be|was|were) (?:<w>){0,2}(?:harvest|aspirat|collect|extract|tak|obtain|remov|withdraw|drawn)\w{0,4} from (?:each|the) (?:patient|participant|subject)",
        ),
        ("lipo", "=fat", "adipos", "marrow", "iliac", "hip", "pelvi", "=eye"),
        "What is drawn and put back in the same record is a person's own, unless it speaks of donors. Inferred, so held just above the bar.",
        ("NCT02958267", "NCT03289416"),
        where=frozenset({"description", "summary", "detail"}),
        ceiling=0.7,
        unless=phrase(r"<allo>", r"donors?<e>", r"healthy (?:<w>){0,1}volunteers?", r"third party", r"off ?the ?shelf"),
    ),
)

RESCUE: Final = Rule(
    "donor-rescue",
    "donor",
    "autologous",
    "rescues the marrow after high doses",
    phrase(
        r"(?:stem|progenitor|marrow|PBSCs?)(?: cells?)? (?:<w>){0,3}(?:rescue|re ?infus|support|returned|given back)",
        r"re ?infus\w{1,4} (?:of )?(?:<w>){0,3}(?:stem|progenitor|marrow|PBSC)",
        r"(?:stem cells?|progenitor cells?|PBSCs?|marrow) (?:<w>){0,3}(?:harvest|collect|mobili[sz]|cryo ?preserv)\w{0,6}",
        r"(?:harvest|collect|mobili[sz])\w{0,6} (?:of )?(?:<w>){0,3}(?:stem|progenitor|PBSC)",
        r"<s>autografts?<e>",
    ),
    (),
    "What rescues the marrow was taken from the person before; a curator confirms where nobody else is named.",
    ("NCT00033774", "NCT00025636"),
    ceiling=0.6,
)
MOBILISED: Final = Rule(
    "donor-mobilised",
    "donor",
    "autologous",
    "moves stem cells into the blood of the people who are to have them",
    phrase(r"mobili[sz]"),
    ("mobili",),
    "Where neither donors nor healthy people are named, the cells that are collected are people's own; a curator confirms.",
    ("NCT00316069",),
    ceiling=0.6,
)
DONOR_NAMED: Final = Rule(
    "donor-named",
    "donor",
    "allogeneic",
    "names a donor where nothing else tells whose graft it is",
    phrase(r"(?<!blood\W)(?<!platelet\W)(?<!organ\W)(?<!egg\W)(?<!no\W)donors?<e>(?! (?:NK|site|area|types?))"),
    ("donor",),
    "A transplant with a donor is of another person's cells; a curator confirms.",
    ("NCT07205523",),
    ceiling=0.4,
)
INFERRED_DONORS: Final = (RESCUE, MOBILISED, DONOR_NAMED)

OF_OTHERS: Final = phrase(r"donors?<e>", r"healthy", r"volunteers?", r"<allo>")

TRANSPLANTED: Final = phrase(
    r"^ ?(?:<w>){0,8}(?:transplant|grafts?<e>|HSCT|SCT|BMT|HCT|PBSC|stem cells?|marrow|donor|cord blood|matched|available|sibling)",
)
"""In criteria, after a word for the donor: the graft that it is of, or that there is one."""
NOT_NOW: Final = phrase(
    r"(?:no|not|without|prior|previous\w{0,2}|relaps\w{0,4}|fail\w{0,4}|history of|lack\w{0,3}|ineligible|unable|since|past) (?:<w>){0,6}$"
)
"""In criteria, before it: a graft that people had, or that they cannot have."""

ASCT_OF_OTHERS: Final = phrase(r"<allo> (?:<haem> )?(?:stem cell )?transplant\w{0,6} ?\(ASCT")
BOTH_KINDS: Final = phrase(
    r"(?:<auto>|auto)(?: (?:<w>){0,3})?(?:and|or|vs|versus) ?(?:<w>){0,1}(?:<allo>|allo)",
    r"(?:<allo>|allo)(?: (?:<w>){0,8})?(?:and|or|vs|versus) ?(?:<w>){0,1}(?:<auto>|auto)",
)
"""A sentence that names both kinds of grafts as open to the people of a study."""

GRAFT_DISEASE: Final = "donor-graft-versus-host"
"""The rule whose words speak of a transplant whatever else stands in their sentence."""
