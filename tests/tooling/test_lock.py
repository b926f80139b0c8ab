"""The lock holds what pyproject.toml asks for, at exact versions with hashes, and names no place to get it from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tooling.processes import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
WANTED = {
    "requirements.txt": PROJECT["project"]["dependencies"],
    "requirements-dev.txt": PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"],
}


def locked(name: str) -> dict[str, Requirement]:
    lines = [line.rstrip(" \\") for line in (ROOT / name).read_text().splitlines() if re.match(r"\w", line)]
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


@pytest.mark.parametrize("name", WANTED)
def test_everything_asked_for_is_locked_at_a_version_that_fits(name):
    held = locked(name)
    for wanted in map(Requirement, WANTED[name]):
        [pin] = held[canonicalize_name(wanted.name)].specifier
        assert pin.operator == "=="
        assert wanted.specifier.contains(pin.version), wanted


@pytest.mark.parametrize("name", WANTED)
def test_every_requirement_carries_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"://|--index|--find-links|@ ", text)
    entries = re.split(r"\n(?=\w)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_the_tests_run_on_is_what_the_site_runs_on():
    development = locked("requirements-dev.txt")
    running = locked("requirements.txt")
    assert {name: str(development[name]) for name in running} == {name: str(pin) for name, pin in running.items()}


def test_every_module_of_the_site_has_its_place_in_the_layers():
    [contract] = PROJECT["tool"]["importlinter"]["contracts"]
    placed = set(re.findall(r"elendihub\.(\w+)", " ".join(contract["layers"])))
    modules = {path.stem for path in (ROOT / "elendihub").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert modules - {"__init__", "__pycache__"} == placed
