"""Products by name: a name tells nothing of what is in it, so each line does. Names of devices that only part cells stand with what they give.

A hyphen or a space in a name stands for any short gap or none; a name that ends with * may go on. Names that are a common word, or a code that
other fields use too, are left out: a record that gives such a product says in words what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from therapies.rules.rule import phrase


@dataclass(frozen=True, slots=True)
class Product:
    """Names of a product or of its kind, the therapies they stand for, what is in them, and whose cells of what tissue where that is known."""

    names: tuple[str, ...]
    therapies: tuple[str, ...]
    holds: str
    donor: Literal["autologous", "allogeneic", ""] = ""
    source: str = ""

    @property
    def patterns(self) -> tuple[str, ...]:
        """The names in the notation of `rule.phrase()`."""
        return tuple(
            re.sub(r"[- ]", " ", name.removesuffix("*")).replace(".", r"\.") + ("" if name.endswith("*") else "<e>") for name in self.names
        )

    @property
    def anchors(self) -> tuple[str, ...]:
        """Pieces of the names that a text must hold: a long part, else the name joined, with hyphens and with spaces."""
        found = []
        for name in self.names:
            low = name.removesuffix("*").lower()
            longest = max(re.split(r"[- ]", low), key=len)
            if longest.isalpha() and len(longest) >= _TELLING:
                found.append(longest)
            else:
                found += [re.sub(r"[- ]", gap, low) for gap in ("", "-", " ")]
        return tuple(dict.fromkeys(found))


_TELLING: Final = 6  # letters of a part that no other word is likely to hold

PRODUCTS: Final = (
    # blood-forming cells, the person's own and changed
    Product(("exagamglogene", "exa-cel", "CTX001", "casgevy"), ("ahsct",), "CD34+ cells edited for hemoglobin", "autologous"),
    Product(("lovotibeglogene", "lovo-cel", "lyfgenia", "bb1111", "betibeglogene", "beti-cel", "zynteglo", "lentiglobin*", "BB305"), ("ahsct",), "CD34+ cells with a gene for hemoglobin", "autologous"),
    Product(("elivaldogene", "eli-cel", "skysona", "Lenti-D"), ("ahsct",), "CD34+ cells with a gene for adrenoleukodystrophy", "autologous"),
    Product(("atidarsagene", "arsa-cel", "OTL-200", "libmeldy", "lenmeldy"), ("ahsct",), "CD34+ cells with a gene for metachromatic leukodystrophy", "autologous"),
    Product(("strimvelis", "simoladagene", "OTL-101", "OTL-102", "OTL-103", "etuvetidigene", "OTL-201", "OTL-203"), ("ahsct",), "CD34+ cells with a gene for an immune or storage disease", "autologous"),
    Product(("RP-L102", "mozafancogene", "RP-L201", "marnetegragene", "kresladi", "RP-L301", "RP-L401"), ("ahsct",), "CD34+ cells with a gene for Fanconi anemia, LAD-I, PKD, osteopetrosis", "autologous"),
    Product(("EDIT-301", "reni-cel", "renizgamglogene", "BEAM-101", "risto-cel", "ristoglogene", "GPH101", "nula-cel", "nulabeglogene", "OTQ923", "HIX763", "BIVV003", "ST-400", "ARU-1801", "BRL-101", "BD211", "KL003"), ("ahsct",), "CD34+ cells edited for hemoglobin", "autologous"),
    Product(("AVR-RD-01", "AVR-RD-02", "AVR-RD-04", "AVR-RD-05"), ("ahsct",), "CD34+ cells with a gene for a lysosomal disease", "autologous"),
    # blood-forming cells of a donor
    Product(("omidubicel", "omisirge", "nicord", "cordin", "stemex", "carlecortemcel"), ("allo-hsct",), "expanded cord blood", "allogeneic", "cord blood"),
    Product(("MGTA-456", "HSC835", "dilanubicel", "NLA101", "ECT-001*", "UM171", "dorocubicel", "zemcelpro"), ("allo-hsct",), "expanded cord blood", "allogeneic", "cord blood"),
    Product(("hemacord", "ducord", "allocord", "clevecord", "regenecyte"), ("allo-hsct",), "units of banked cord blood", "allogeneic", "cord blood"),
    Product(("Orca-T", "Orca-Q"), ("allo-hsct",), "a donor's stem cells with sorted T cells", "allogeneic"),
    Product(("MDR-101", "MDR-102", "MDR-103", "FCR001"), ("allo-hsct",), "stem cells of a kidney's donor", "allogeneic"),
    Product(("VOR33", "trem-cel", "tremtelectogene", "protmune"), ("allo-hsct",), "a donor's stem cells, edited or primed", "allogeneic"),
    # mesenchymal cells
    Product(("nurown*", "debamestrocel"), ("msc-ntf",), "marrow mesenchymal cells that secrete growth factors", "autologous", "bone marrow"),
    Product(("remestemcel*", "prochymal", "ryoncil", "provacel", "temcell*", "JR-031", "MSC-100-IV", "obnitix"), ("bm-msc",), "marrow mesenchymal cells of a donor", "allogeneic", "bone marrow"),
    Product(("rexlemestrocel*", "MPC-06*", "MPC-25*", "MPC-150*", "MPC-300*", "revascor"), ("bm-msc",), "marrow mesenchymal precursors of a donor", "allogeneic", "bone marrow"),
    Product(("laromestrocel", "lomecel*", "longeveron*", "LMSC", "LMSCs", "cardiallo", "stempeucel*", "SCM-AGH", "SCM-CGH", "SCM-GH", "CG-BM1", "ALLOB", "orbcel-M"), ("bm-msc",), "marrow mesenchymal cells of a donor", "allogeneic", "bone marrow"),
    Product(("vandefitemcel", "SB623"), ("bm-msc",), "marrow mesenchymal cells of a donor, changed for a time", "allogeneic", "bone marrow"),
    Product(("XCEL-MC-ALPHA*", "XCEL-M-ALPHA*", "NG-01", "stemirac", "neuronata*", "lenzumestrocel", "BRTX-100", "C3BS-CQR-1", "celyvir"), ("bm-msc",), "the person's own marrow mesenchymal cells", "autologous", "bone marrow"),
    Product(("cellgram*", "hearticellgram*"), ("bm-msc",), "marrow mesenchymal cells, mostly the person's own", "", "bone marrow"),
    Product(("darvadstrocel", "alofisel", "Cx601", "Cx611", "Cx621", "stemchymal*", "elixcyte*", "XSTEM*", "MAG200", "allojoin*", "CBM-ALAM*", "ALLO-ASC*"), ("ad-msc",), "mesenchymal cells of a donor's fat", "allogeneic", "adipose tissue"),
    Product(("jointstem*", "cupistem*", "vascostem*", "celltex*", "AVB-114", "Cx401"), ("ad-msc",), "mesenchymal cells of the person's own fat", "autologous", "adipose tissue"),
    Product(("astrostem*", "HB-adMSC", "HB-adMSCs", "haMPC", "haMPCs"), ("ad-msc",), "mesenchymal cells of fat, the person's own or a donor's", "", "adipose tissue"),
    Product(("AlloRx*", "hCT-MSC", "hCT-MSCs", "ULSC", "ULSCs", "MSCTC-*", "amimestrocel", "cordstem*", "TH-SC01", "protrans", "UMC119-06*", "BX-U001", "VUM02", "jadicell*", "jadi cell", "PLEB001", "EN001", "orbcel-C", "cellistem", "cardiocell"), ("uc-msc",), "mesenchymal cells of the umbilical cord", "allogeneic", "umbilical cord"),
    Product(("cartistem*",), ("uc-msc",), "mesenchymal cells of a donor's cord blood", "allogeneic"),
    Product(("pneumostem*", "neurostem*", "SMUP-*", "furestem*"), ("uc-msc",), "mesenchymal cells of cord blood"),
    Product(("PDA-001", "PDA-002", "cenplacel*", "DA-MSC", "DA-MSCs", "PLX-PAD", "PLX-R18", "PLX-I", "decistem"), ("placental-msc",), "mesenchymal cells of the placenta", "allogeneic", "placenta"),
    Product(("IMS001", "IMRC", "IMRCs", "CAStem", "M-021001", "MR-MC-01"), ("esc-msc", "esc-derived"), "mesenchymal cells made from embryonic ones", "allogeneic", "embryonic"),
    Product(("allo-APZ2*", "amesanar"), ("msc",), "mesenchymal cells of skin", "", "skin"),
    Product(("cellavita*", "nestacell*", "JTR-161"), ("msc",), "mesenchymal cells of the pulp of teeth"),
    Product(("olastrocel", "CELZ-201*", "descartes-30", "trinity evolution", "trinity elite", "osteocel*", "orbcel*", "neofuse", "ADR-001", "chondrochymal", "HCR040", "MSC-TRAIL"), ("msc",), "mesenchymal cells, of a tissue that is not the same in all studies"),
    # made from induced pluripotent cells
    Product(("CYP-001", "CYP-004", "CYP-006TK", "NCR100", "NCR101", "NCR102"), ("ipsc-msc", "msc"), "mesenchymal cells made from an iPSC line of a donor", "allogeneic"),
    Product(("FT500", "FT516", "FT522", "FT536", "FT538", "FT573", "FT576", "FT596", "FT819", "FT825", "FT836", "FT839", "CNTY-101", "CNTY-102", "CNTY-308", "QN-019a", "QN-019b", "QN-023a", "QN-030a", "QN-139b"), ("ipsc-immune",), "immune cells made from an iPSC line of a donor", "allogeneic"),
    Product(("ANPD001", "CT1-DAP001", "UX-DA001", "NouvNeu001", "NouvNeu004", "XS411", "XS-228", "DSP-1083", "raguneprocel"), ("ipsc-neural",), "nerve cells made from iPSC"),
    Product(("OpCT-001", "eyecyte-RPE", "DSP-3077"), ("ipsc-neural",), "cells of the retina made from iPSC"),
    # made from embryonic cells
    Product(("OpRegen", "RG6501", "MA09*", "CPCB-RPE1", "PF-05206388", "ASP7317"), ("esc-derived",), "cells of the retina", "allogeneic", "embryonic"),
    Product(("GRNOPC1", "AST-OPC1", "LCT-OPC1", "bemdaneprocel", "BRT-DA01", "MSK-DA01", "STEM-PD", "A9-DPC", "TED-A9", "NRTX-1001", "AstroRx"), ("esc-derived",), "cells of the nervous system", "allogeneic", "embryonic"),
    Product(("zimislecel", "VX-880", "VX-264", "VC-01", "VC-02", "PEC-Direct", "PEC-Encap", "VCTX210*", "VCTX211", "CTX211"), ("esc-derived",), "cells that make insulin", "allogeneic", "embryonic"),
    # the fourth drawer
    Product(("CTX0E03", "CTX-DP", "ReN001", "NSI-566", "HuCNS-SC*", "CNS10*"), ("fetal-nsc",), "neural stem cells of fetal origin", "allogeneic", "fetal brain"),
    Product(("celution*", "ECCS-50", "ECCO-50", "habeo", "GID SVF*", "transpose RT", "queencell", "icellator"), ("svf",), "the stromal vascular fraction of fat, or the device that parts it", "autologous", "adipose tissue"),
    Product(("rexmyelocel*", "REX-001", "t2c001", "ALD-201", "ALD-301", "ALD-401", "ALD-451", "marrowstim", "CardiAMP"), ("bm-mnc",), "unsorted or sorted cells of the person's own marrow", "autologous", "bone marrow"),
    Product(("CLBS12", "CLBS14*", "CLBS16", "CLBS201", "honedra", "xowna", "AMR-001", "NBS10"), ("other-stem-cell",), "CD34+ cells put into a tissue", "autologous"),
    Product(("vescell", "angiogenic cell precursors"), ("other-stem-cell",), "precursor cells grown from blood", "autologous"),
    Product(("HepaStem", "HHALPC*", "HALPC*", "HHLivPC"), ("other-stem-cell",), "progenitor cells of a donor's liver", "allogeneic"),
    Product(("CAP-1002", "deramiocel"), ("other-stem-cell",), "cells grown from a donor's heart", "allogeneic"),
    Product(("CALEC", "nepic", "LSCD101"), ("other-stem-cell",), "cells of the limbus grown for the cornea"),
    Product(("jCell", "famzeretcel", "ReN003", "RPESC-RPE*"), ("other-stem-cell",), "progenitor cells of the retina", "allogeneic"),
    Product(("rebonuputemcel", "IDCT", "ISC-hpNSC", "hpNSC", "HLCM051", "REGEND001", "REGEND003"), ("other-stem-cell",), "progenitor cells of the disc, of an unfertilised egg, of the marrow, of the lung or kidney"),
    Product(("CL2020",), ("muse",), "Muse cells of a donor", "allogeneic"),
    Product(("zofin", "AGLE-102", "UNEX-42"), ("msc-derived",), "vesicles of mesenchymal cells or of amniotic fluid"),
)  # fmt: skip


def of(*therapies: str, donor: str = "", source: str = "") -> tuple[Product, ...]:
    """The products that stand for one of the therapies, or all; of a donor or tissue where asked."""
    return tuple(
        product
        for product in PRODUCTS
        if (not therapies or set(therapies) & set(product.therapies))
        and (not donor or product.donor == donor)
        and (not source or product.source == source)
    )


def patterns(products: tuple[Product, ...]) -> tuple[str, ...]:
    """The names, parted by their first letter, so that at most words of a text all of them are ruled out at the first look."""
    by_letter: dict[str, list[str]] = {}
    for product in products:
        for pattern in product.patterns:
            by_letter.setdefault(pattern[0].lower(), []).append(pattern[1:])
    return tuple(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())


def anchors(products: tuple[Product, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(anchor for product in products for anchor in product.anchors))


NAMES: Final = phrase(*patterns(PRODUCTS))
"""Any product, by any of its names."""
