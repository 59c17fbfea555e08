"""Which programs ``up`` runs; that they live and die together is told in tests/test_processes.py."""

from collections.abc import Sequence

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.management.commands import up
from saleor_lifecycle.processes import Program


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order; nothing of it runs."""
    names: list[str] = []

    class Group:
        def __enter__(self) -> "Group":
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def start(self, program: Program) -> None:
            names.append(program.name)

        def wait(self) -> tuple[str, int]:
            return "", 0

    monkeypatch.setattr(up, "Group", Group)
    monkeypatch.setattr(up, "call_command", lambda name, **options: names.append(name))
    return names


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        ([], ["migrate", "web", "worker", "beat"]),
        (["web"], ["web"]),
        (["beat", "worker"], ["worker", "beat"]),
        # Two machines that each ask for all of them by name must not migrate at once.
        (["web", "worker", "beat"], ["web", "worker", "beat"]),
    ],
)
def test_migrates_only_when_nothing_is_chosen(started: list[str], asked: Sequence[str], done: Sequence[str]) -> None:
    call_command("up", *asked)
    assert started == done


def test_starts_nothing_when_a_program_is_none_of_ours(started: list[str]) -> None:
    with pytest.raises(CommandError, match="There is no program 'mailer'; there are web, worker and beat"):
        call_command("up", "web", "mailer")
    assert started == []
