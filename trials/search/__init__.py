"""Text search over trials: what is kept to be searched, how a typed text is read, which trials it finds, and where its words stand.

One interface, two small back ends that do the work inside the database: SQLite's FTS5, and PostgreSQL's full text search. Both stem
(English), weigh titles above summaries, know prefixes and phrases, and read letters without their diacritics. A word that no trial holds is
taken as misspelt, and answered by the words that are one letter away: a plain table of words (`SearchWord`) finds them on either
database with two index ranges, since a word with one mistake keeps its first or its last half. So no extension of PostgreSQL is needed.

How a text is read
- Every word must occur, in any of its forms (`transplanted` finds `transplantation`) and spellings (`haem-`, `hem-`), or what it stands for
  (`sayings`: `fat` finds `adipose`). Of several NCT ids, and nothing but ids, any may.
- The last word may be unfinished, and so may one that no trial holds; any word may end in `*`.
- Words in quotes must stand together, in one field and as they are but for their endings; so must parts that a hyphen joins.
- Letters and digits count, everything else parts words. Only so many words and alternatives are read, so that any text has its price.

`query` and `reading` make a `Query` of a text, `entries` holds what is kept, `index` writes and asks it through the back end in use, and
`highlights` shows where the words stand. `trials.derive` writes the entries in the transaction that writes the trial. Nothing here knows
pages, parameters or studies.
"""

from trials.search.entries import FIELDS, Document, Relevance, SearchEntry, SearchIndex, SearchWord
from trials.search.highlights import EXCERPT, highlights
from trials.search.index import BY_INDEX, best, by_index, is_by_index, matching, rank, source, write
from trials.search.letters import fold
from trials.search.postgresql import MIXED
from trials.search.query import Query, Term
from trials.search.reading import MOST_WORDS, read

__all__ = (
    "BY_INDEX", "EXCERPT", "FIELDS", "MIXED", "MOST_WORDS", "Document", "Query", "Relevance", "SearchEntry", "SearchIndex", "SearchWord",
    "Term", "best", "by_index", "fold", "highlights", "is_by_index", "matching", "rank", "read", "source", "write",
)  # fmt: skip
