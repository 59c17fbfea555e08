import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from saleor_lifecycle.processes import Group, Program


def program(name: str, code: str, log: Path | None = None) -> Program:
    return Program(name, [sys.executable, "-c", code], {"GIVEN": "yes"}, log)


SLEEPS = "import time; time.sleep(600)"


def pid_in(path: Path) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError, ValueError):
            return int(path.read_text())
        time.sleep(0.02)
    raise AssertionError(f"nothing came into {path}")


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_waits_for_the_first_to_end_and_tells_its_exit_code() -> None:
    with Group() as group:
        group.start(program("sleeper", SLEEPS))
        group.start(program("quitter", "import sys; sys.exit(3)"))
        assert group.wait() == ("quitter", 3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_and_counts_as_no_failure(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Group() as group:
        group.start(program("sleeper", SLEEPS))
        os.kill(os.getpid(), number)
        assert group.wait() == ("", 0)
    assert signal.getsignal(number) == before


def test_leaves_nobody_behind_not_even_children_of_the_stubborn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saleor_lifecycle.processes.PATIENCE", 0.5)
    pids = tmp_path / "pid"
    stubborn = f"""
import os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if pid := os.fork():
    pathlib.Path({str(pids)!r} + ".new").write_text(str(pid))
    os.rename({str(pids)!r} + ".new", {str(pids)!r})
time.sleep(600)
"""
    with Group() as group:
        group.start(program("stubborn", stubborn))
        child = pid_in(pids)
    deadline = time.monotonic() + 20
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def test_everything_ends_when_the_caller_fails(tmp_path: Path) -> None:
    pids = tmp_path / "pid"

    def fail() -> None:
        with Group() as group:
            group.start(program("sleeper", f"import os; open({str(pids)!r}, 'w').write(str(os.getpid()));{SLEEPS}"))
            pid_in(pids)
            raise ValueError("the caller's own")

    with pytest.raises(ValueError, match="the caller's own"):
        fail()
    assert not is_running(pid_in(pids))


def test_what_a_program_says_goes_to_its_log_after_what_was_there(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    with Group() as group:
        group.start(program("speaker", "import os; print(os.environ['GIVEN'])", log))
        group.wait()
    assert log.read_text() == "before\nyes\n"
