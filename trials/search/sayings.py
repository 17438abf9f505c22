"""What people say for what records call otherwise: short names, lay words, and words for stem cells and transplants in other languages.

One direction: the word on the left finds what stands on the right too. Records are in English, whatever language their readers speak.
"""

_SAYINGS = """
rrms = relapsing remitting
spms = secondary progressive
ppms = primary progressive
hscts bmt = hematopoietic stem cell, bone marrow transplant
ipscs ips = ipsc, induced pluripotent
stemcell stemcells = stem cell
bonemarrow = bone marrow
cordblood = cord blood
fat = adipose
afterbirth = placenta
embryo embryos = embryonic
chemo = chemotherapy

stammzelle stammzellen stammzelltherapie stamcel stamcellen stamcelle stamceller = stem cell
stammzelltransplantation stamceltransplantatie = stem cell transplant
stamcelletransplantasjon stamcelletransplantation stamcellstransplantation = stem cell transplant
knochenmark beenmerg beinmarg benmarg = bone marrow
knochenmarktransplantation beenmergtransplantatie = bone marrow transplant
nabelschnur navelstreng = umbilical cord
celula celulas cellule cellules komorki = cell
madre souche souches staminale staminali tronco macierzyste macierzystych = stem
trasplante transplante trapianto greffe przeszczep = transplant
medula moelle midollo szpik = marrow
osea ossea osseuse osseo = bone
mesenquimal mesenquimales mesenchymateuses mesenchimali mesenchymale = mesenchymal
"""

SAYINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    word: tuple(tuple(phrase.split()) for phrase in found.split(","))
    for line in _SAYINGS.strip().splitlines()
    if line
    for said, found in [line.split(" = ")]
    for word in said.split()
}
"""By folded word, the phrases that it stands for."""
