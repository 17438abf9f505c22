"""What is asked of the index, in the words of either database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must occur: any of some phrases, each a tuple of folded words, or words that begin so."""

    phrases: tuple[tuple[str, ...], ...]
    prefix: str = ""

    @property
    def fts5(self) -> str:
        options = [f'"{" ".join(phrase)}"' for phrase in self.phrases]
        if self.prefix:
            options.append(f'"{self.prefix}"*')
        return f"({' OR '.join(options)})"

    @property
    def tsquery(self) -> str:
        options = [" <-> ".join(f"'{word}'" for word in phrase) for phrase in self.phrases]
        if self.prefix:
            options.append(f"'{self.prefix}':*")
        return f"({' | '.join(f'({option})' for option in options)})"


@dataclass(frozen=True, slots=True)
class Query:
    """A text as it will be looked for. `corrections` pairs each word that no trial holds with those taken instead."""

    terms: tuple[Term, ...]
    corrections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __bool__(self):
        return bool(self.terms)

    @property
    def fts5(self) -> str:
        """For FTS5's MATCH. Words hold letters and digits alone, so nothing that a person types has a meaning of its own here."""
        return " AND ".join(term.fts5 for term in self.terms)

    @property
    def tsquery(self) -> str:
        """For PostgreSQL's to_tsquery; likewise."""
        return " & ".join(term.tsquery for term in self.terms)
