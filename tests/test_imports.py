"""Who may import whom: read from the source, not from what happens to be loaded."""

import ast
import sys
from fnmatch import fnmatchcase
from functools import cache

import pytest

from tests.records import REPO

PACKAGES = ("alerts", "therapies", "trials", "trialtracker")

ONLY = {
    # What is pure imports the standard library and what is named here, and nothing else.
    "therapies.evidence": [],
    "therapies.rules.*": ["therapies.evidence", "therapies.rules.*"],
    "therapies.classifier.*": ["therapies.evidence", "therapies.rules.*", "therapies.classifier.*", "ahocorasick_rs"],
    "trials.registry.client": ["trials.registry.*", "requests", "msgspec"],
    "trials.registry.*": ["trials.registry.*", "msgspec"],
    "trials.eligibility.*": ["trials.eligibility.*"],
    "trials.evidence": ["therapies.evidence", "trials.registry.records"],
    "trials.curation": ["therapies.evidence"],
    "trials.changes": ["trials.registry.records"],
    "trials.basis": ["therapies.evidence", "trials.changes"],
    "trials.families": ["trials.registry.records", "msgspec.structs"],
    "trials.fit": ["trials.eligibility.*"],
    "trials.plain": [],
    "trials.search.letters": [],
    "trials.search.query": [],
    "trials.payload": ["trials.registry.parse", "trials.registry.raw", "trials.registry.records", "zstandard"],
    "trialtracker.broker": ["kombu"],
}

NEVER = {
    # The taxonomy knows nothing of trials, and nothing knows the project that puts it all together.
    "therapies.*": ["trials.*", "alerts.*", "trialtracker.*"],
    "trials.*": ["alerts.*", "trialtracker.*"],
    "alerts.*": ["trials.sync", "trials.derive", "trials.registry.*", "trialtracker.*"],
    # The tables state facts; nothing in them fetches, parses or works out.
    "trials.models": ["trials.sync", "trials.tasks", "trials.derive", "trials.payload", "trials.registry.*"],
    "trials.querysets": ["trials.models", "trials.sync", "trials.tasks", "trials.derive", "trials.registry.*"],
    "trials.filters.*": ["trials.counting", "trials.facets", "trials.views"],
    "trials.search.*": ["trials.models", "trials.querysets", "trials.filters.*", "trials.derive", "trials.registry.*"],
    # Signals act at a distance: what writes is called by name. The one that Celery sends when a worker starts is heard in trials.tasks.
    "*": ["django.db.models.signals", "django.dispatch"],
}

ALONE = {
    # Only these may import the one on the left: the shell around the registry and the sync.
    "requests": ["trials.registry.client", "therapies.links"],
    "trials.registry.client": ["trials.sync", "trials.management.commands.ensure_trials"],
    "trials.registry.parse": ["trials.payload", "trials.derive", "trials.snapshots", "trials.sync"],
    "trials.registry.raw": ["trials.registry.*", "trials.payload", "trials.snapshots", "trials.sync"],
    "trials.registry.node": ["trials.registry.parse", "trials.registry.raw"],
    "trials.sync": ["trials.tasks", "trials.management.commands.*"],
    "trials.tasks": ["trials.admin", "trials.admin.*", "trials.management.commands.*"],
    "rest_framework": ["trials.api.*", "trials.limits"],
    "whitenoise": ["trialtracker.storage"],
}

VAGUE = {"utils", "util", "helpers", "helper", "services", "common", "misc", "tools"}


@cache
def modules():
    """The path of each module of the project, by name; migrations apart, which Django writes."""
    paths = (path for package in PACKAGES for path in (REPO / package).rglob("*.py") if "migrations" not in path.parts)
    return {".".join(path.relative_to(REPO).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def imports(name):
    """What a module imports, as full names: `from trials import models` is `trials.models`, `from trials.models import Trial` too."""
    path = modules()[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])]) if node.level else node.module
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules() else base for alias in node.names}
    return found


def fits(name, patterns):
    """Whether a name is one of the patterns, or lies in a package that one of them names: `django` covers `django.db`."""
    return any(fnmatchcase(name, pattern) or fnmatchcase(f"{name}.", pattern) or name.startswith(f"{pattern}.") for pattern in patterns)


def is_standard(name):
    return name.partition(".")[0] in sys.stdlib_module_names


def rule_for(name, rules):
    """The most exact pattern that a module falls under: its own name before that of a package."""
    return max((pattern for pattern in rules if fits(name, [pattern])), key=len, default=None)


def test_every_rule_speaks_of_modules_that_exist():
    for pattern in {*ONLY, *NEVER}:
        assert any(fits(name, [pattern]) for name in modules()), f"no module is called {pattern}"


def where(broken):
    """What a rule finds broken, module by module: `broken(name)` gives it for one, as something that is empty where all is well."""
    return {name: found for name in modules() if (found := broken(name))}


def test_what_is_pure_stays_pure():
    def impure(name):
        rule = rule_for(name, ONLY)
        return rule and {found for found in imports(name) if not is_standard(found) and not fits(found, ONLY[rule])}

    assert where(impure) == {}


def test_imports_go_one_way():
    def backwards(name):
        forbidden = [pattern for who, patterns in NEVER.items() if fits(name, [who]) for pattern in patterns]
        return {found for found in imports(name) if fits(found, forbidden)}

    assert where(backwards) == {}


@pytest.mark.parametrize("guarded", ALONE)
def test_only_the_shell_touches_what_reaches_outside(guarded):
    def reaching(name):
        return not fits(name, [guarded, *ALONE[guarded]]) and {found for found in imports(name) if fits(found, [guarded])}

    assert where(reaching) == {}
    assert any(fits(found, [guarded]) for name in modules() for found in imports(name)), (
        f"nothing imports {guarded}: is the rule still needed?"
    )


def test_no_import_hides_in_a_function():
    def hidden(name):
        nodes = ast.walk(ast.parse(modules()[name].read_text()))
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        return {ast.unparse(node) for function in functions for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)}

    assert where(hidden) == {}


def test_no_module_has_a_name_that_says_nothing():
    assert where(lambda name: VAGUE & set(name.split("."))) == {}


def test_no_module_imports_the_tests():
    assert where(lambda name: {found for found in imports(name) if fits(found, ["tests", "benchmarks"])}) == {}


def test_modules_do_not_import_each_other_in_circles():
    done, path = set(), []

    def walk(name):
        assert name not in path, f"a circle: {' → '.join([*path[path.index(name) :], name])}"
        if name not in done:
            path.append(name)
            for found in sorted(imports(name) & modules().keys() - {name}):
                walk(found)
            done.add(path.pop())

    for name in sorted(modules()):
        walk(name)
