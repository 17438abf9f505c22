"""Other diseases than multiple sclerosis, and organs: their names tell what a transplant is one of, and whose cells it needs."""

from __future__ import annotations

from typing import Final

from therapies.rules.rule import phrase

_OF_MARROW_AND_DEFENCE = (
    r"aplastic an",
    r"marrow failure",
    r"thalass?emi",
    r"sickle",
    r"ha?emoglobinopath",
    r"fanconi",
    r"immuno ?deficien",
    r"<s>(?:X ?)?SCID<e>",
    r"granulomatous",
    r"wiskott",
)
OF_THE_BLOOD = (
    r"veno ?occlusive disease",
    r"leuk[ao]?emia",
    r"lymphoma",
    r"myeloma",
    r"myelo ?dysplas",
    r"myelo ?fibrosis",
    r"<s>(?:AML|MDS|DLBCL|SCD|SAA|NHL|CML|CLL|PTCL|PCNSL|HLH|JMML)<e>",
    r"ha?ematolog",
    *_OF_MARROW_AND_DEFENCE,
    r"graft (?:versus|vs|against) host",
    r"<s>[ac]{0,2}GVHD<e>",
    r"neuroblastoma",
    r"amyloidosis",
)
"""Diseases in which a transplant without another word is one of blood-forming cells."""
INHERITED = (
    r"leuko ?dystroph",
    r"hurler",
    r"krabbe",
    r"muco ?polysaccharid",
    r"<s>MPS<e>",
    r"inherited metabolic",
    r"inborn errors?",
    r"lysosomal",
    r"osteopetrosis",
    r"leukocyte adhesion",
    r"pyruvate kinase",
    r"fabry",
    r"gaucher",
    r"cystinosis",
)
OF_TISSUES = (
    r"limb ischa?emia",
    r"buerger",
    r"peripheral arter",
    r"cartilage",
    r"chondral",
    r"osteo ?arthritis",
    r"non ?union",
    r"osteo ?necrosis of",
    r"spinal cord injur",
    r"myocardial infarct",
    r"ischa?emic (?:cardiomyopath|heart|stroke)",
    r"cerebral (?:infarct|ha?emorrh)",
    r"cirrhosis",
    r"cerebral palsy",
    r"autis",
    r"erectile",
    r"diabetic foot",
)
OF_A_TISSUE: Final = phrase(*OF_TISSUES)
"""Diseases of a tissue: there the same words mean cells that are put into it, and nothing is ablated."""

DONORS_DISEASE: Final = phrase(
    r"leuk[ao]?emia",
    r"myelo ?dysplas",
    r"myelo ?fibrosis",
    r"<s>(?:AML|MDS)<e>",
    *_OF_MARROW_AND_DEFENCE,
    r"genetic (?:<w>){0,2}(?:dis|blood)",
    *INHERITED,
)
"""Diseases that are transplanted from a donor where a record does not say whose cells they are; in others they are mostly people's own."""

CANCER: Final = phrase(
    r"\w{0,12}leuk[ao]?emia",
    r"\w{0,12}lymphoma",
    r"myeloma",
    r"\w{0,12}blastoma",
    r"(?:tumou?rs?|cancers?|carcinoma|sarcoma|malignan\w{2,5}|neoplas\w{1,3})<e>",
    r"<s>(?:AML|DLBCL|NHL|PTCL|PCNSL|MDS|CLL|CML|MCL|HL)<e>",
    r"amyloidosis",
)
"""Diseases in which a regimen is of the drugs that treat them; the catalogue's regimens are those that reset the immune system."""
ORGANS = r"(?:kidney|renal|liver|hepat\w{1,4}|islets?|lung|heart|cardiac|cornea\w{0,3}|solid organ|hair|skin|face|uter\w{0,3}|pancrea\w{1,3}|nerve|fat|limb\w{0,2}|muscle|f(?:a)?ecal|microbio\w{1,3}|tooth|teeth|thymus|intestin\w{1,3}|organ)"

ORGAN_GRAFT: Final = phrase(rf"{ORGANS} (?:<w>){{0,2}}(?:transplant|allograft)")
