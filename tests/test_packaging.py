"""The wheel that a release would be: built from the sdist, installed in an empty environment, run from an empty folder.

What a wheel lacks (migrations, documents, the built extension) it lacks in silence, so nothing less shows it.
"""

import json
import os
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from urllib.parse import urljoin
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from tests.environment import ENVIRONMENT
from tests.test_house import files

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, and the wheel built from it."""
    out = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT], cwd=out)
    return out


@pytest.fixture(scope="module")
def python(dist: Path) -> Iterator[Path]:
    """The interpreter of an environment that holds the wheel and nothing of the checkout."""
    home = Path(mkdtemp())
    home.chmod(0o755)  # as root, the PostgreSQL in it runs as somebody else, whom pytest's own folders shut out
    yield _installed(next(dist.glob("*.whl")), home)
    rmtree(home)


def _installed(wheel: Path, home: Path) -> Path:
    uv = Path(sys.executable).parent / "uv"
    _run([uv, "venv", "--quiet", "--python", sys.executable, home / "venv"], cwd=home)
    python = home / "venv" / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--python", python, "--constraints", ROOT / "requirements.lock"]
    _run([*install, f"saleor-lifecycle[demo] @ {wheel.as_uri()}"], cwd=home)
    return python


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a command of the wheel finds in its environment: nothing of the tests' own Python or database."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, **ENVIRONMENT, "PYTHONUNBUFFERED": "1"}


def test_sdist_holds_the_sources_and_the_built_extension(dist: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"graphql/dashboard.graphql", "graphql/storefront.graphql", "migrations/0001_initial.py"} <= names
    assert {"dashboard_extension/package.json", "saleor_lifecycle/static/dashboard/index.html"} <= names
    assert not [name for name in names if "node_modules" in name or name.startswith((".venv", ".cache"))]


def test_wheel_holds_the_package_the_migrations_and_the_documents_and_nothing_else(dist: Path) -> None:
    with ZipFile(next(dist.glob("*.whl"))) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name and not name.endswith("/")}
    package = {f"saleor_lifecycle/{name}" for name in files(ROOT / "saleor_lifecycle", "**/*")}
    documents = {f"saleor_lifecycle/graphql/{name}" for name in files(ROOT / "graphql", "**/*")}
    # A top-level "graphql" would lie over graphql-core.
    assert held == package | documents | {f"migrations/{name}" for name in files(ROOT / "migrations", "*.py")}


def test_doctor_finds_migrations_documents_and_the_extension(
    python: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    with_database = [python, "-m", "saleor_lifecycle.embedded", "--folder", tmp_path / "database", "--"]
    ours = [python, "-m", "saleor_lifecycle"]
    _run([*with_database, *ours, "migrate", "--no-input"], tmp_path, environment)
    said = _run([*with_database, *ours, "doctor"], tmp_path, environment, is_to_succeed=False)
    lines = {line.partition("  ")[2].strip(): line[:4].strip() for line in said.splitlines()}
    assert lines.get(_starting(lines, "migrations, up to 00")) == "OK"
    assert lines.get(_starting(lines, "GraphQL documents (")) == "OK"
    assert lines.get(_starting(lines, "Dashboard extension")) == "OK"


def test_up_serves_the_health_the_manifest_and_the_extension(
    python: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    port = _free_port()
    command = [python, "-m", "saleor_lifecycle.embedded", "--folder", tmp_path / "database", "--"]
    command += [python, "-m", "saleor_lifecycle", "up", "--bind", f"127.0.0.1:{port}"]
    with _running(command, environment, tmp_path) as log:
        health = json.loads(_get(f"http://127.0.0.1:{port}/healthz", log))
        assert health["database"] == "ok"
        manifest = json.loads(_get(f"http://127.0.0.1:{port}/api/manifest", log))
        assert manifest["id"] == "saleor.app.lifecycle"
        assert manifest["webhooks"]
        page = _get(f"http://127.0.0.1:{port}/dashboard/", log).decode()
        base, script = (page.partition(begin)[2].partition('"')[0] for begin in ('<base href="', 'src="'))
        assert script.endswith(".js")
        assert len(_get(urljoin(f"http://127.0.0.1:{port}{base}", script), log)) > 10_000


@contextmanager
def _running(command: list[object], environment: dict[str, str], cwd: Path) -> Iterator[Path]:
    """A command while it runs; what it writes goes to the file that is yielded."""
    log = cwd / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=environment, stdout=output, stderr=output
        )
    try:
        yield log
    finally:
        process.terminate()
        process.wait(60)


def _get(url: str, log: Path) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(url, timeout=10) as answer:
            return bytes(answer.read())
        time.sleep(0.2)
    raise AssertionError(f"{url} does not answer:\n{log.read_text()[-4000:]}")


def _run(
    command: list[object], cwd: Path, environment: dict[str, str] | None = None, *, is_to_succeed: bool = True
) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or not is_to_succeed, done.stdout + done.stderr
    return done.stdout


def _starting(lines: dict[str, str], beginning: str) -> str:
    return next((line for line in lines if line.startswith(beginning)), beginning)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
