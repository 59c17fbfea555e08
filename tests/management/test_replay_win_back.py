import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

CDNOW = Path(__file__).parents[1] / "payloads" / "cdnow.csv.gz"


def rows(out: str) -> list[dict[str, dict[str, int]]]:
    """The tables, by month and column."""
    tables = []
    for block in out.split("\n\n")[1:]:
        _, _, *lines = block.strip().splitlines()
        names = ("entered", "held out", "touch-1", "touch-2", "touch-3", "ordered", "sunset")
        split = [line.split() for line in lines]
        tables.append({month: dict(zip(names, map(int, counts), strict=True)) for month, *counts in split})
    return tables


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One in ten of the customers."""
    path = tmp_path_factory.mktemp("cdnow") / "cut.csv.gz"
    with gzip.open(CDNOW, "rt") as whole, gzip.open(path, "wt") as some:
        heading, *lines = whole
        some.writelines([heading, *(line for line in lines if line.split(",")[0].endswith("7"))])
    return path


def test_prints_entries_and_sends_by_month_without_and_with_a_holdout(cut: Path) -> None:
    out = StringIO()
    call_command("replay_win_back", cut, stdout=out)
    without, held = rows(out.getvalue())
    every = without["all"]
    assert next(iter(without)) >= "1997-01"
    assert list(without)[-2:] == ["1998-06", "all"]
    for name in every:
        assert every[name] == sum(counts[name] for month, counts in without.items() if month != "all"), name
    assert every["held out"] == 0
    assert every["entered"] == every["touch-1"] > every["touch-2"] > every["touch-3"] > every["sunset"] > 0
    assert held["all"]["entered"] == every["entered"]
    assert held["all"]["touch-1"] == every["entered"] - held["all"]["held out"]
    assert 0.05 < held["all"]["held out"] / every["entered"] < 0.15


def test_days_before_bring_more_in(cut: Path) -> None:
    entered = []
    for days in (0, 14):
        out = StringIO()
        call_command("replay_win_back", cut, "--holdout", "0", "--days-before", str(days), stdout=out)
        (table,) = rows(out.getvalue())
        entered.append(table["all"]["entered"])
    assert entered[1] > entered[0]


@pytest.mark.parametrize("wrong", [["--holdout", "0.6"], ["--days-before", "31"]])
def test_refuses_settings_that_no_flow_has(wrong: list[str], cut: Path) -> None:
    with pytest.raises(CommandError, match="give a holdout"):
        call_command("replay_win_back", cut, *wrong)
