"""What every distribution has, and how they hold together."""

import ast
import importlib
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from workspace import ROOT, Distribution, distributions

ALL = distributions()
COMPILED = [one for one in ALL if one.compiled]
VERSIONS = {one.name: Version(one.version) for one in ALL}
WITHOUT_TESTS = {"skerry-http-core": {"exchange"}}
"""Modules that hold nothing but protocols; mypy checks who claims to keep them."""
each = pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)


def siblings(one: Distribution) -> list[Requirement]:
    extras = one.project["project"].get("optional-dependencies", {}).values()
    texts = [*one.project["project"]["dependencies"], *(text for extra in extras for text in extra)]
    return [need for need in map(Requirement, texts) if need.name.startswith("skerry")]


def modules(one: Distribution) -> list[str]:
    """Paths of the modules that have something to test, relative to the package, without suffix."""
    paths = sorted(path.relative_to(one.sources).with_suffix("") for path in one.sources.rglob("*.py"))
    return [str(path) for path in paths if not path.name.startswith("_")]


def test_there_are_the_distributions_that_the_design_names() -> None:
    assert {one.name for one in ALL} == {
        "skerry-http-core",
        "skerry-websocket",
        "skerry-client",
        "skerry-web",
        "skerry-testing",
    }


@each
def test_ranges_on_siblings_hold_for_their_versions_and_are_capped(one: Distribution) -> None:
    for need in siblings(one):
        assert need.name in VERSIONS, need
        assert need.specifier.contains(VERSIONS[need.name]), f"{need} does not allow {VERSIONS[need.name]}"
        assert any(part.operator == "<" for part in need.specifier), f"{need} has no upper bound"


def imports_of_siblings(one: Distribution) -> list[tuple[str, str]]:
    """Give module and name of everything that the sources import from another distribution."""
    found = []
    for path in one.sources.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found += [(alias.name, "") for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found += [(str(node.module), alias.name) for alias in node.names]
    return [(module, name) for module, name in found if module.startswith("skerry.")]


@each
def test_siblings_that_are_imported_are_declared(one: Distribution) -> None:
    names = {other.package: other.name for other in ALL}
    imported = {names[".".join(module.split(".")[:2])] for module, _ in imports_of_siblings(one)}
    assert imported <= {need.name for need in siblings(one)}


@each
def test_only_public_names_of_siblings_are_imported(one: Distribution) -> None:
    wrong = [
        f"from {module} import {name}"
        for module, name in imports_of_siblings(one)
        if not name or name not in importlib.import_module(module).__all__
    ]
    assert wrong == []


@each
def test_it_has_the_files_of_a_distribution(one: Distribution) -> None:
    for name in ("README.md", "LICENSE", "CHANGES.md", "changes", "tests"):
        assert (one.folder / name).exists(), name
    assert (one.sources / "py.typed").exists()
    assert (one.sources / "__init__.py").exists()


@each
def test_the_licence_is_the_one_of_the_repository(one: Distribution) -> None:
    assert (one.folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_namespace_has_no_file_of_its_own() -> None:
    assert [path for path in ROOT.glob("packages/*/src/skerry/*") if not path.is_dir()] == []


@each
def test_every_folder_of_the_package_is_a_package(one: Distribution) -> None:
    folders = {path.parent for path in one.sources.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_build_hooks_are_the_same_file() -> None:
    hooks = {path.read_bytes() for path in ROOT.glob("packages/*/hatch_build.py")}
    assert len(hooks) == 1
    assert sorted(path.parent for path in ROOT.glob("packages/*/hatch_build.py")) == [one.folder for one in COMPILED]


@pytest.mark.parametrize("one", COMPILED, ids=lambda one: one.name)
def test_every_compiled_module_has_its_two_files_and_every_pxd_is_used(one: Distribution) -> None:
    sources = [one.folder / "src" / name.replace(".", "/") for name in one.compiled]
    for source in sources:
        assert source.with_suffix(".py").exists(), source
        assert source.with_suffix(".pxd").exists(), source
    text = "".join(path.read_text("utf-8") for path in one.sources.rglob("*.pxd"))
    for path in one.sources.rglob("*.pxd"):
        assert path.with_suffix("") in sources or re.search(rf"cimport {path.stem}\b", text), f"{path} is not used"


@each
def test_the_newest_heading_of_the_change_log_is_the_version_or_changes_are_waiting(one: Distribution) -> None:
    headings = re.findall(r"^## (\S+)", (one.folder / "CHANGES.md").read_text("utf-8"), re.MULTILINE)
    fragments = list((one.folder / "changes").glob("*.md"))
    assert fragments or (headings and headings[0] == one.version)


@each
def test_fragments_of_the_change_log_have_a_known_kind_and_a_text(one: Distribution) -> None:
    settings = tomllib.loads((ROOT / "towncrier.toml").read_text("utf-8"))
    kinds = {kind["directory"] for kind in settings["tool"]["towncrier"]["type"]}
    for path in (one.folder / "changes").iterdir():
        match = re.fullmatch(r"(\+[a-z0-9-]+|\d+)\.(\w+)\.md", path.name)
        assert match, path
        assert match[2] in kinds, path
        assert path.read_text("utf-8").strip().endswith("."), path


@each
def test_every_module_has_its_test_module(one: Distribution) -> None:
    tests = one.folder / "tests"
    found = {str(path.relative_to(tests).with_suffix("")) for path in tests.rglob("test_*.py")}
    missing = []
    for module in set(modules(one)) - WITHOUT_TESTS.get(one.name, set()):
        *folders, name = module.split("/")
        wanted = {"/".join([*folders, f"test_{name}"]), "_".join(["test", *folders, name])}
        if not any(path == want or path.startswith(f"{want}_") for path in found for want in wanted):
            missing.append(module)
    assert missing == []


@each
def test_it_says_which_pythons_it_runs_on(one: Distribution) -> None:
    project = one.project["project"]
    assert project["requires-python"] == ">=3.11"
    for minor in (11, 12, 13):
        assert f"Programming Language :: Python :: 3.{minor}" in project["classifiers"]
