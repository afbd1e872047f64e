"""The rules of the repository that no linter knows."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
import sqlalchemy as sa

import faktura.core.tables  # (declares every table)
import faktura.dialects
from faktura.dialects import installed
from faktura.store.records import RECORDS, Tenant
from faktura.store.schema import searched_tables
from faktura.store.search import texts_name
from faktura.wire.fields import Shape

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "faktura"

PROOFS = ROOT / "tests" / "proofs"

DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *(path for folder in (SOURCE, ROOT / "tests") for path in folder.glob("**/README.md")),
]

READMES = [path for path in ROOT.glob("*/**/README.md") if not any(part.startswith(".") for part in path.parts)]

LOOKS_LIKE_A_FILE = re.compile(r"(?:[a-z_]+/)*\w+\.(?:py|csv|css|svg|html|lua|toml|md)")

NAMED_BY_THEIR_FOLDER = {"pictures", "tests", "templates", "translations", "results"}

PATH = re.compile(r"`((?:src|docs|bench|tests|requirements|\.ci)/[\w./-]+?)/?`")


def dialect_words() -> list[str]:
    folders = [path.name for path in (SOURCE / "dialects").iterdir() if path.is_dir() and not path.name.startswith("_")]
    assert folders == [] or sorted(folders) == sorted(dialect.name for dialect in installed())
    return folders


@pytest.mark.parametrize("room", ["core", "store", "wire", "web", "jobs"])
def test_no_file_of_a_common_room_contains_the_name_of_a_dialect(room: str) -> None:
    for path in (SOURCE / room).rglob("*.py"):
        text = path.read_text().lower()
        assert not [word for word in dialect_words() if word in text], path


def shapes() -> Iterator[Shape[Any, Any]]:
    """Every resource that a module of a dialect declares."""
    for module in pkgutil.walk_packages(faktura.dialects.__path__, "faktura.dialects."):
        if ".tests" not in module.name:
            yield from (v for v in vars(importlib.import_module(module.name)).values() if isinstance(v, Shape))


def words_of(path: Path) -> Iterator[str]:
    """The names in a file, and its texts that are one word."""
    for node in ast.walk(ast.parse(path.read_text())):
        for name in ("id", "attr", "arg", "name"):
            if isinstance(word := getattr(node, name, None), str):
                yield word
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_file_of_the_core_or_the_store_contains_a_wire_key_of_a_dialect() -> None:
    """A key of one word is plain English that anybody may use; one of several words is somebody's spelling."""
    own = {name.rpartition(".")[2] for cls in RECORDS.values() for name in fields_of(cls)}
    named = {f.name for shape in shapes() for f in shape.fields if f.name != f.attribute.rpartition(".")[2]}
    keys = {name for name in named - own if "_" in name.strip("_")}
    files = [p for room in ("core", "store") for p in (SOURCE / room).rglob("*.py") if "tests" not in p.parts]

    assert len(keys) >= 50 * len(dialect_words())
    assert {(str(path), word) for path in files for word in keys & {*words_of(path)}} == set()


def test_a_code_of_a_list_is_kept_as_a_word_and_not_as_the_id_of_a_row() -> None:
    """What the core calls one of a list has a type that is no number."""
    listed = {"gtu", "vat_exemption", "transaction_kind", "document_markings", "role"}
    kept = [
        (name, hint) for cls in RECORDS.values() for name, hint in typed_fields_of(cls) if name.split(".")[-1] in listed
    ]

    assert len(kept) > 5
    assert [name for name, hint in kept if int in {hint, *get_args(hint)}] == []


DRAWING = re.compile(r"^(?:secrets|random|uuid\.uuid[14]|os\.urandom|os\.getrandom)\b")
DRAWN_ELSEWHERE = {
    "core/sealing.py": "a nonce must never come again, not even where a sandbox is brought back",
    "intake/asgi.py": "names a request, not what is kept",
    "web/door/known_browsers.py": "a browser's own name, in a signed cookie; no database keeps it",
    "web/forms/form.py": "a form shown twice is two forms, also where a sandbox is brought back",
    "web/forms/saving.py": "the same of a form that was shown without one",
    "wire/service.py": "a key for tests: the program gives its own",
}


def test_nobody_but_chance_draws_random_values() -> None:
    """So that a seed gives the same ids, tokens and keys again; the few others are named with their reason."""
    drawing = set()
    for path in SOURCE.rglob("*.py"):
        imported = [
            f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ]
        called = re.findall(r"\bos\.(?:urandom|getrandom)\b|\buuid\.uuid[14]\b", path.read_text())
        if "tests" not in path.parts and any(map(DRAWING.match, imported + called)):
            drawing.add(str(path.relative_to(SOURCE)))

    assert drawing == {"store/chance.py", *DRAWN_ELSEWHERE}


def test_every_tenant_table_begins_its_key_and_its_unique_constraints_with_the_account() -> None:
    tenants = [cls for cls in RECORDS.values() if issubclass(cls, Tenant)]
    assert len(tenants) > 5
    for cls in tenants:
        assert next(iter(cls.table.primary_key.columns)).name == "account_id"
        for constraint in cls.table.constraints:
            if isinstance(constraint, sa.UniqueConstraint):
                assert next(iter(constraint.columns)).name == "account_id", constraint.name


def test_an_index_of_a_tenant_begins_with_the_account_or_says_why_it_does_not() -> None:
    over_all = []
    for table in (cls.table for cls in RECORDS.values() if issubclass(cls, Tenant)):
        for index in table.indexes:
            begins = next(iter(index.columns)).name == "account_id"
            assert begins != bool(index.info.get("over_all_accounts")), index.name
            over_all += [] if begins else [index.name]
    assert len(over_all) == 17


NO_POINTERS = {
    "client_id": "a name of our own, which a program shows",
    "custom_id": "a name that the client gave",
    "buyer_custom_id": "a name that the client gave",
    "generator_id": "there are no generators yet",
    "payment_id": "a part of the document that the link leads to",
    "line_id": "a part of the document that made the move",
}


def test_a_record_declares_where_each_id_in_it_leads() -> None:
    for cls in RECORDS.values():
        declared = {**cls.refers, **cls.belongs, **cls.remembers}
        ids = {name for name in fields_of(cls) if name.endswith(("_id", "_ids"))}
        assert ids - NO_POINTERS.keys() <= declared.keys(), cls.table_name
        for name, leads in declared.items():
            assert name in {*cls.__struct_fields__, *fields_of(cls)}, name
            assert leads in RECORDS or getattr(leads, "attribute", None) in cls.__struct_fields__, leads


def fields_of(cls: type[msgspec.Struct]) -> Iterator[str]:
    """The attributes, and those of parts inside them, as `parts.attribute`."""
    return (name for name, _ in typed_fields_of(cls))


def typed_fields_of(cls: type[msgspec.Struct]) -> Iterator[tuple[str, Any]]:
    for name, hint in get_type_hints(cls).items():
        if name in cls.__struct_fields__:
            yield name, hint
            parts = [part for part in get_args(hint) if isinstance(part, type) and issubclass(part, msgspec.Struct)]
            yield from ((f"{name}.{inner}", kind) for part in parts for inner, kind in get_type_hints(part).items())


def test_the_page_about_scale_names_every_table_in_its_place() -> None:
    page = (ROOT / "docs" / "scale.md").read_text()
    named = [re.findall("`([a-z_]+)`", line.split("|")[2]) for line in page.splitlines() if line.startswith("| ")]

    tenants = {name for name, cls in RECORDS.items() if issubclass(cls, Tenant)}
    sums = {cls.sums_table.name for cls in RECORDS.values() if cls.sums}
    texts = {texts_name(table) for table in searched_tables()}
    assert [names for names in named if names] == [sorted(tenants | sums | texts), sorted(RECORDS.keys() - tenants)]


def test_no_room_but_the_store_runs_sql_past_the_one_place_that_looks_at_it() -> None:
    outside = [path for path in SOURCE.rglob("*.py") if not {"store", "tests"} & {*path.relative_to(SOURCE).parts}]

    assert [path for path in outside if re.search(r"\.cursor\b|\.execute\(", path.read_text())] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_named_in_a_document_exists(document: Path) -> None:
    named = PATH.findall(document.read_text())

    assert [name for name in named if not (ROOT / name).exists() and not is_of_a_missing_dialect(name)] == []


def test_decisions_are_numbered_without_a_gap_or_a_double() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert [page.name for page in pages if not page.read_text().startswith(f"# {int(page.name[:4])}. ")] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_readme_of_a_folder_names_every_file_in_it_and_no_other(readme: Path) -> None:
    text = readme.read_text()
    named = {*re.findall(r"`([^`\s]+)`", text), *re.findall(r"\]\(([^)\s]+)\)", text)}
    gone = {name for name in named if LOOKS_LIKE_A_FILE.fullmatch(name) and not is_there(readme.parent, name)}

    assert files_beside(readme) - named == set()
    assert gone == set()


def test_every_room_has_a_readme_of_its_own() -> None:
    rooms = {path for path in SOURCE.iterdir() if path.is_dir() and path.name not in {"__pycache__", "dialects"}}

    assert len(rooms) > 8
    assert [room for room in sorted(rooms) if not (room / "README.md").exists()] == []


def files_beside(readme: Path) -> set[str]:
    """What a README is about: the files of its folder, and of the folders in it that have none of their own."""
    tracked = subprocess.run(["git", "ls-files"], cwd=readme.parent, capture_output=True, text=True, check=False)  # noqa: S607
    paths = [Path(name) for name in tracked.stdout.splitlines() if Path(name).name not in {"__init__.py", "README.md"}]
    return {
        str(path)
        for path in paths
        if not NAMED_BY_THEIR_FOLDER & {*path.parent.parts}
        and not any((readme.parent / above / "README.md").exists() for above in path.parents[:-1])
    }


def is_there(folder: Path, name: str) -> bool:
    return (folder / name).exists() or (ROOT / name).exists() or is_of_a_missing_dialect(name)


def is_of_a_missing_dialect(name: str) -> bool:
    """Whoever deletes the folder of a dialect need not rewrite the documents."""
    folder = re.match("src/faktura/dialects/[^/]+", name)
    return folder is not None and not (ROOT / folder[0]).exists()


def test_every_promise_has_a_proof_and_every_proof_a_promise() -> None:
    rows = re.findall(r"^\| (?!promise|---)(.+?) \| (.+?) \|$", (PROOFS / "README.md").read_text(), re.MULTILINE)
    named = {name for _, proofs in rows for name in re.findall(r"`(test_\w+\.py)`", proofs)}

    assert [promise for promise, proofs in rows if "`test_" not in proofs] == []
    assert named == {path.name for path in PROOFS.glob("test_*.py")}


def test_every_module_opens_with_a_line_that_says_what_it_is_for() -> None:
    for path in SOURCE.rglob("*.py"):
        assert path.read_text().startswith('"""'), path


def test_no_function_is_longer_than_sixty_lines_and_no_file_than_five_hundred() -> None:
    for path in SOURCE.rglob("*.py"):
        if path.is_relative_to(SOURCE / "store" / "migrations" / "versions"):
            continue
        text = path.read_text()
        assert len(text.splitlines()) <= 500, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or node.lineno) - node.lineno < 60, f"{path}: {node.name}"


def test_requirement_files_pin_by_hash_and_name_no_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text, path
        assert "://" not in text, path


def test_whatever_a_test_imports_is_installed_by_the_requirements_of_the_tests() -> None:
    """`make check` installs more, and would hide that `make test` on a new machine fails."""
    installed_for_tests = set(
        re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "test.txt").read_text(), re.MULTILINE)
    )
    distributions = packages_distributions()
    files = [
        ROOT / "conftest.py",
        *(path for room in ("tests", "bench", "src") for path in (ROOT / room).rglob("*.py")),
    ]
    imported = {name for path in files for name in imports_of(path)} - {"tests", "bench", "faktura"}

    assert "hypothesis" in imported
    for name in imported - sys.stdlib_module_names:
        names = {distribution.lower().replace("_", "-") for distribution in distributions.get(name, [])}
        assert names & installed_for_tests, f"{name} of {names}"


def imports_of(path: Path) -> set[str]:
    """The first words of what the file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_what_is_tracked_holds_no_lock_file_of_an_index() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    names = {Path(name).name for name in tracked.stdout.splitlines()}

    assert not names & {"uv.lock", "poetry.lock", "package-lock.json", "Pipfile.lock"}
