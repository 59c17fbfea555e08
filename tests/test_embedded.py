import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from saleor_lifecycle import embedded


def ask(url: str, sql: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
    return row and row[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds a cluster, stopped; at a path too long for a socket."""
    folder = tmp_path_factory.mktemp("embedded") / ("a long name " * 9).strip()
    embedded.start(folder).stop()
    return folder


def test_finds_its_data_again_when_started_again(folder: Path) -> None:
    server = embedded.start(folder)
    with psycopg.connect(server.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    server.stop()
    server = embedded.start(folder)
    try:
        assert ask(server.database_url, "SELECT value FROM kept") == 7
    finally:
        server.stop()


def test_runs_until_its_last_holder_lets_go(folder: Path) -> None:
    first, second = embedded.start(folder), embedded.start(folder)
    first.stop()
    assert ask(second.database_url, "SELECT 1") == 1
    second.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(second.database_url, "SELECT 1")


def test_the_app_s_role_may_make_roles_and_databases_and_is_no_superuser(folder: Path) -> None:
    server = embedded.start(folder)
    try:
        rights = "rolcanlogin AND rolcreatedb AND rolcreaterole AND NOT rolsuper AND NOT rolbypassrls"
        assert ask(server.database_url, f"SELECT {rights} FROM pg_roles WHERE rolname = current_user") is True
        assert ask(server.broker_url.removeprefix("sqla+").replace("+psycopg", ""), "SELECT current_user")
    finally:
        server.stop()


@pytest.mark.parametrize(("is_durable", "fsync"), [(True, "on"), (False, "off")])
def test_is_durable_unless_asked_not_to_be(folder: Path, is_durable: bool, fsync: str) -> None:
    server = embedded.start(folder, is_durable=is_durable)
    try:
        assert ask(server.database_url, "SHOW fsync") == fsync
        assert ask(server.database_url, "SHOW synchronous_commit") == "on"
    finally:
        server.stop()


def test_nobody_else_reaches_the_socket_and_no_port_is_open(folder: Path) -> None:
    server = embedded.start(folder)
    try:
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert ask(server.database_url, "SHOW listen_addresses") == ""
    finally:
        server.stop()


def test_takes_over_the_server_of_a_killed_process(folder: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from saleor_lifecycle import embedded;"
        "held = embedded.start(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(folder)])
    assert killed.returncode == -signal.SIGKILL
    server = embedded.start(folder)
    assert ask(server.database_url, "SELECT 1") == 1
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(server.database_url, "SELECT 1")


def test_a_command_gets_a_database_a_broker_and_secrets_and_gives_its_exit_code(folder: Path) -> None:
    program = (
        "import os, sys, psycopg; e = os.environ; psycopg.connect(e['DATABASE_URL']).close();"
        "sys.exit(7 if all(e[n] for n in ('CELERY_BROKER_URL', 'SECRET_KEY', 'TOKEN_KEYS', 'SUPPRESSION_KEY')) else 1)"
    )
    command = [sys.executable, "-m", "saleor_lifecycle.embedded", "--folder", folder, "--", sys.executable, "-c"]
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    assert subprocess.run([*command, program], env=bare, cwd=Path(__file__).parents[1]).returncode == 7
    with pytest.raises(psycopg.OperationalError):
        ask(embedded.database_url_of(folder), "SELECT 1")


def test_secrets_are_made_once_for_their_owner_s_eyes(tmp_path: Path) -> None:
    first = embedded.secrets_in(tmp_path)
    assert embedded.secrets_in(tmp_path) == first
    assert len(set(first.values())) == 3
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600
