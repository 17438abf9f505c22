"""Say why a study is listed as it is, or why it is not."""

import json

from django.core.management.base import BaseCommand, CommandError

from trials.explain import explain
from trials.models import Record
from trials.registry.normalise import canonical_nct_id


class Command(BaseCommand):
    help = "Explain what the rules made of a study: scope, approach, role, therapies, eligibility, each with its rule, field and quote."

    def add_arguments(self, parser):
        parser.add_argument("nct_ids", nargs="+", metavar="NCT")
        parser.add_argument("--json", action="store_true", help="one JSON object a study, for programs")

    def handle(self, *, nct_ids, **options):
        asked = [_canonical(text) for text in nct_ids]
        unknown = []
        for nct_id in asked:
            record = Record.objects.filter(nct_id=nct_id).first()
            if not record:
                unknown.append(nct_id)
                continue
            reasons = explain(record)
            self.stdout.write(json.dumps(reasons, ensure_ascii=False) if options["json"] else "\n".join(_lines(reasons)))
        if unknown:
            ids = " ".join(unknown)
            raise CommandError(f"Not here: {ids}. Fetch with: manage.py sync_trials --nct-id {ids}", returncode=1)


def _canonical(text):
    try:
        return canonical_nct_id(text)
    except ValueError as error:
        raise CommandError(str(error), returncode=2) from error


def _lines(reasons):
    """The reasoning as lines to read; what the record does not state is said to be so."""
    yield f"{reasons['nct_id']}  {reasons['title']}"
    yield f"  {'in scope' if reasons['in_scope'] else 'out of scope'}: {reasons['scope_reason']}"
    yield f"  listed: {'yes' if reasons['is_listed'] else 'no'}; rules {reasons['rules']}"
    for reason in reasons["review"]:
        yield f"  for review: {reason}"
    if reasons["condition"]:
        yield from _finding(reasons["condition"])
    for approach in reasons["approaches"]:
        yield f"  {approach['approach']} ({approach['role']})"
        for finding in approach["findings"]:
            yield from _finding(finding)
    for mention in reasons["mentions"]:
        yield f"  only mentioned: “{mention['quote']}” in {mention['field']} ({mention['rule']})"
    for judgement in reasons["judgements"]:
        what = " ".join(filter(None, (judgement["field"], judgement["approach"], judgement["role"], judgement["therapy"])))
        yield f"  judged by {judgement['by']} on {judgement['at'][:10]}: {what}. {judgement['reason']}"
    yield "  who can take part"
    for name, fact in reasons["eligibility"].items():
        if name != "criteria":
            yield from _fact(name.replace("_", " "), fact)


def _finding(finding):
    why = f"{finding['confidence']:.2f}, {finding['rule']}"
    yield f"    {finding['kind']}: {finding['value']} ({why}): “{finding['quote']}” in {finding['field']}"


def _fact(name, fact):
    if isinstance(fact, list):
        for item in fact:
            yield f"    {name}: {item['value']}: “{item['quote']['text']}”"
        if not fact:
            yield f"    {name}: not stated"
    elif "accepted" in fact:
        words = [f"{course['course']} “{course['quote']['text']}”" for course in fact["accepted"]]
        words += [f"not {course['course']} “{course['quote']['text']}”" for course in fact["excluded"]]
        yield f"    {name}: {'; '.join(words) or fact['state']}"
    elif "minimum" in fact:
        ends = (("minimum", "from", "over"), ("maximum", "to", "under"))
        bounds = [f"{word if fact[end]['inclusive'] else past} {fact[end]['value']:g}" for end, word, past in ends if fact[end]]
        quotes = "; ".join(f"“{quote['text']}”" for quote in fact["quotes"])
        yield f"    {name}: {' '.join(bounds) or fact['state']}{f' ({quotes})' if quotes else ''}"
    elif "value" in fact:
        yield f"    {name}: {fact['value']} (“{fact['quote']['text']}”)"
    else:
        yield f"    {name}: {fact['state']}"
