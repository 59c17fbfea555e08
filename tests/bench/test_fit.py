import numpy as np
import pytest

from saleor_lifecycle.bench.fit import DRAWN, histories
from saleor_lifecycle.domain.fit import fit
from saleor_lifecycle.domain.likelihood import compress
from saleor_lifecycle.domain.prediction import Parameters


def test_the_same_seed_draws_the_same_histories() -> None:
    one, same, other = histories(1000), histories(1000), histories(1000, seed=8)
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[2], other[2])


def test_what_is_drawn_is_what_the_fit_finds() -> None:
    found = fit(compress(*histories(100_000)))
    assert isinstance(found, Parameters)
    for name in ("r", "alpha", "a", "b"):
        # The days of the draw are whole, which the model does not know: that shifts the four by some per cent.
        assert getattr(found, name) == pytest.approx(getattr(DRAWN, name), rel=0.15), name
