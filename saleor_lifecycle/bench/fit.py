"""``bench fit``: the shop's four parameters, beside the ``lifetimes`` package on the same histories.

That package wants other versions of what we use, so it lives in an environment of its own, made at the first run.
"""

import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from saleor_lifecycle.domain.fit import Unfittable, fit
from saleor_lifecycle.domain.likelihood import compress
from saleor_lifecycle.domain.prediction import Parameters

from .outcome import Outcome, at_least
from .surroundings import Unfit

AIM = 20.0
ROUNDS = 3
SIZES = (10_000, 100_000, 1_000_000)
COMPARED = 100_000
SPAN = 1000
"""Days from the first customer's first order to the day of the fit."""
DRAWN = Parameters(r=0.64, alpha=51.0, a=0.81, b=1.23)  # about those of the CDNOW shop
ENVIRONMENT = Path(".cache/lifetimes")
PACKAGES = ("lifetimes==0.11.3", "autograd==1.9.1", "numpy==2.4.6", "pandas==3.1.1", "scipy==1.17.1")

PROGRAM = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from lifetimes import ModifiedBetaGeoFitter
rows = np.load(sys.argv[1])
for _ in range(int(sys.argv[2])):
    begun = time.perf_counter()
    # In weeks, as its documentation has it; days make its search fail.
    found = ModifiedBetaGeoFitter().fit(rows["x"], rows["t_x"] / 7, rows["age"] / 7)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, **{name: float(value) for name, value in found.params_.items()}}))
"""


def run(now: datetime) -> Outcome:
    """Return how many times faster we are at raw histories, ours turned into distinct ones included. Raises Unfit."""
    ours = {size: _ours(size) for size in SIZES}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "histories.npz"
        x, t_x, age = histories(COMPARED)
        np.savez(path, x=x, t_x=t_x, age=age)
        answers = _theirs(path)
    for answer in answers:
        # Their weeks are our days by seven; everything else has no unit.
        theirs = Parameters(answer["r"], answer["alpha"] * 7, answer["a"], answer["b"])
        _compare(ours[COMPARED][1], theirs)
    sizes = {"customers": COMPARED, **{f"ms_at_{size}": round(min(times) * 1000) for size, (times, _) in ours.items()}}
    values = [60 / seconds for seconds in ours[COMPARED][0]]
    return at_least(AIM, "fit", "fits a minute", values, [60 / answer["seconds"] for answer in answers], sizes)


def histories(customers: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, t_x and T in days of so many customers, drawn from the model itself; the same seed, the same."""
    dice = np.random.default_rng(seed)
    age = dice.integers(0, SPAN, customers)
    rate, leaves = dice.gamma(DRAWN.r, 1 / DRAWN.alpha, customers), dice.beta(DRAWN.a, DRAWN.b, customers)
    at, last, x = np.zeros(customers), np.zeros(customers, np.int64), np.zeros(customers, np.int64)
    staying = np.flatnonzero(dice.random(customers) > leaves)
    while len(staying):
        at[staying] += dice.exponential(1 / np.maximum(rate[staying], 1e-12))
        buying = staying[at[staying] < age[staying] + 0.5]
        day = np.minimum(np.floor(at[buying]).astype(np.int64), age[buying])
        x[buying] += day > last[buying]  # two orders of one day count once
        last[buying] = day
        staying = buying[dice.random(len(buying)) > leaves[buying]]
    return x, last, age


def _ours(size: int) -> tuple[list[float], Parameters]:
    x, t_x, age = histories(size)
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        found = fit(compress(x, t_x, age))
        times.append(time.perf_counter() - begun)
    if isinstance(found, Unfittable):
        raise Unfit(f"our own fit of {size} customers ended with {found.reason}")
    return times, found


def _theirs(path: Path) -> list[dict[str, float]]:
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        uv = Path(sys.executable).parent / "uv"
        _run(str(uv), "venv", "--quiet", "--python", sys.executable, str(ENVIRONMENT))
        _run(str(uv), "pip", "install", "--quiet", "--python", str(python), *PACKAGES)
    said = _run(str(python), "-c", PROGRAM, str(path), str(ROUNDS))
    return [json.loads(line) for line in said.splitlines()]


def _run(*command: str) -> str:
    try:
        # Its matrices are small: threads that wait for each other would only make the floor look slow.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    except FileNotFoundError:
        raise Unfit(f"{command[0]} is missing: `make setup` installs it") from None
    if done.returncode:
        raise Unfit(f"the floor could not be measured: {done.stderr.strip()[-300:]}")
    return done.stdout


def _compare(ours: Parameters, theirs: Parameters) -> None:
    for name in ("r", "alpha", "a", "b"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        if abs(mine - other) > 0.01 * other:
            raise Unfit(f"the two do not agree: {name} is {mine:.4f} here and {other:.4f} there")
