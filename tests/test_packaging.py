"""What ships: the locks, the processes, the image and the versions say the same things in every file that names them."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml
from django.conf import settings
from honcho.environ import parse_procfile

from tests.needs import needs_systemd
from tests.records import REPO

pytestmark = pytest.mark.storeless

PROCFILE = parse_procfile((REPO / "Procfile").read_text()).processes
COMPOSE = yaml.safe_load((REPO / "compose.yaml").read_text())
DOCKERFILE = re.sub(r"\\\n", "", (REPO / "Dockerfile").read_text())
STAGES = [stage.splitlines() for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]]


def instructions(stage, word):
    return [line.removeprefix(word).strip() for line in stage if line.startswith(f"{word} ")]


def requirements(name):
    """The pinned lines of a requirements file, as {normalised name: version}, and the comments that end them."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[a-z,]+\])?==([^\s;]+)[^#\n]*(#.*)?$", (REPO / name).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower(): (version, comment) for package, version, comment in found}


# --- Dependencies ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_direct_dependency_is_pinned_and_says_what_it_is_for(name):
    lines = [line for line in (REPO / name).read_text().splitlines() if line and not line.startswith(("#", "-r "))]
    pinned = requirements(name)
    assert len(pinned) == len(lines)
    assert {package for package, (_, comment) in pinned.items() if len(comment) < 10} == set()


@pytest.mark.parametrize(
    ("lock", "sources"),
    [("requirements.lock", ["requirements.txt"]), ("requirements-dev.lock", ["requirements.txt", "requirements-dev.txt"])],
)
def test_a_lock_pins_what_its_sources_name_with_hashes_and_no_address(lock, sources):
    text = (REPO / lock).read_text()
    locked = requirements(lock)
    direct = {package: version for source in sources for package, (version, _) in requirements(source).items()}
    assert {package: locked.get(package, ("", ""))[0] for package in direct} == direct
    assert re.findall(r"://|file:|--(?:extra-)?index|--find-links", text) == []
    blocks = re.split(r"\n(?=[a-z])", text.strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_what_runs_and_what_tests_it_use_the_same_versions():
    runs, tests = requirements("requirements.lock"), requirements("requirements-dev.lock")
    assert {package: version for package, (version, _) in runs.items() if tests[package][0] != version} == {}


def test_pre_commit_uses_the_linters_that_make_lint_uses():
    hooks = yaml.safe_load((REPO / ".pre-commit-config.yaml").read_text())["repos"]
    revisions = {repo["repo"].rpartition("/")[2].removesuffix("-pre-commit"): repo["rev"].removeprefix("v") for repo in hooks}
    pinned = requirements("requirements-dev.txt")
    assert {name: revisions[name] for name in ("ruff", "djade")} == {name: pinned[name][0] for name in ("ruff", "djade")}


def test_the_version_is_the_same_everywhere():
    assert re.search(r'^version = "(.*)"$', (REPO / "pyproject.toml").read_text(), re.MULTILINE)[1] == settings.VERSION
    assert re.search(r"^## ([\d.]+)", (REPO / "CHANGELOG.md").read_text(), re.MULTILINE)[1] == settings.VERSION


# --- Containers ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_compose_starts_the_processes_of_the_procfile(name):
    assert COMPOSE["services"][name]["command"] == PROCFILE[name]
    assert set(PROCFILE) == {"web", "worker", "beat"}


def test_the_image_serves_by_default_and_not_as_root():
    final = STAGES[-1]
    assert shlex.join(json.loads(instructions(final, "CMD")[0])) == PROCFILE["web"]
    user = instructions(final, "USER")[0]
    assert re.search(rf"useradd .*{user}$", instructions(final, "RUN")[0].partition(" && ")[0].strip())
    assert "10001" in DOCKERFILE


def test_every_container_has_a_root_that_is_read_only_and_gains_no_privileges():
    """What the servers write besides their volumes: a socket (PostgreSQL), nothing (Redis), a copy of its settings (Caddy)."""
    for service in COMPOSE["services"].values():
        assert service["read_only"] is True
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "/tmp" in service["tmpfs"]
    assert "/var/run/postgresql" in COMPOSE["services"]["postgres"]["tmpfs"]
    assert "/config" in COMPOSE["services"]["proxy"]["tmpfs"]


def test_every_container_of_ours_is_fenced_in():
    for name in ("prepare", "web", "worker", "beat"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
        assert service["environment"]["BEHIND_TLS"] == "true"
        assert "ports" not in service


def test_compose_names_what_it_waits_for_and_keeps():
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[needed]
        volumes = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert volumes <= set(COMPOSE["volumes"])
    assert services["web"]["environment"]["DATABASE_URL"].startswith("postgres://trialtracker:${POSTGRES_PASSWORD")


def test_what_the_image_holds_is_enough_to_run(tmp_path):
    allowed = {line[1:] for line in (REPO / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [source for stage in STAGES for line in instructions(stage, "COPY") if "--from" not in line for source in line.split()[:-1]]
    assert set(copied) == allowed
    for source in copied:
        if (REPO / source).is_dir():
            shutil.copytree(REPO / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(REPO / source, tmp_path)
    environment = {"ENV_FILE": "/dev/null", "VAR_DIR": str(tmp_path / "var"), "BEHIND_TLS": "true", "ALLOWED_HOSTS": "trials.example.org"}
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_service_restarts_and_those_that_are_waited_for_say_how_they_are():
    for name, service in COMPOSE["services"].items():
        assert service["restart"] == ("no" if name == "prepare" else "unless-stopped")
        assert "privileged" not in service
        assert "latest" not in service["image"]
    assert {name for name, service in COMPOSE["services"].items() if "healthcheck" not in service} == {"prepare"}
    assert {name for name, service in COMPOSE["services"].items() if "ports" in service} == {"proxy"}


def test_no_secret_has_a_value_that_anybody_knows():
    """What has to be secret comes from the environment, and a start without it is refused."""
    text = (REPO / "compose.yaml").read_text()
    assert re.findall(r"(?:PASSWORD|SECRET|TOKEN)\w*: (?!\$\{)", text) == []
    assert "${POSTGRES_PASSWORD:?" in text
    shown = re.findall(r"^#(\w*(?:PASSWORD|SECRET|TOKEN|DSN|_URL|KEY)\w*)=(.*)$", (REPO / ".env.example").read_text(), re.MULTILINE)
    assert {name: value for name, value in shown if value} == {
        "CTGOV_API_URL": "https://clinicaltrials.gov/api/v2", "SITE_URL": "http://127.0.0.1:8000",
    }  # fmt: skip


# --- systemd ---------------------------------------------------------------------------------------------------------------------
UNITS = {path.stem.removeprefix("trialtracker-"): path for path in sorted((REPO / "docs" / "systemd").glob("*.service"))}


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(UNITS[name])
    return parser


def test_systemd_starts_the_processes_of_the_procfile_after_what_goes_before_them():
    assert set(UNITS) == {*PROCFILE, "prepare"}
    for name in PROCFILE:
        assert unit(name)["Service"]["ExecStart"] == f"/opt/trialtracker/.venv/bin/{PROCFILE[name]}"
        assert unit(name)["Unit"]["Requires"] == "trialtracker-prepare.service"
    assert unit("prepare")["Service"]["ExecStart"] == f"/opt/trialtracker/.venv/bin/{COMPOSE['services']['prepare']['command']}"


@needs_systemd
def test_systemd_takes_the_units_and_finds_them_fenced_in(tmp_path):
    """Their folder and user put in the place of those of an installed site, which a machine that tests has not."""
    for path in UNITS.values():
        text = (
            path.read_text().replace("/opt/trialtracker/.venv/bin", os.path.dirname(sys.executable)).replace("/opt/trialtracker", str(REPO))
        )
        (tmp_path / path.name).write_text(re.sub(r"^(User|Group)=.*$", r"\1=root", text, flags=re.MULTILINE))
    units = [str(tmp_path / path.name) for path in UNITS.values()]
    for words in (["verify", "--man=no"], ["security", "--offline=true", "--threshold=25"]):
        done = subprocess.run(["systemd-analyze", *words, *units], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "trialtracker" not in done.stderr
