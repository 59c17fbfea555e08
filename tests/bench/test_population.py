import numpy as np

from saleor_lifecycle.bench import population
from saleor_lifecycle.bench.population import BLOCK, STATES, Block, Handle, blocks, draw


def columns(block: Block) -> dict[str, list[int]]:
    return {name: getattr(block, name).tolist() for name in Block.__slots__}


def test_the_same_seed_draws_the_same_people() -> None:
    assert columns(draw(0, 500)) == columns(draw(0, 500))
    assert columns(draw(0, 500)) != columns(draw(0, 500, seed=8))


def test_a_larger_shop_begins_as_a_smaller_one() -> None:
    smaller, larger = list(blocks(BLOCK)), list(blocks(BLOCK + 10))
    assert columns(smaller[0]) == columns(larger[0])
    assert larger[1].number.tolist() == list(range(BLOCK, BLOCK + 10))


def test_everything_lies_before_its_now_and_after_its_person_came() -> None:
    block = draw(0, BLOCK)
    now = population.NOW.timestamp()
    assert max(block.joined.max(), block.ordered.max(), block.changed.max()) < now
    assert (block.ordered >= block.joined[block.buyer]).all()


def test_every_handle_and_state_of_an_order_is_there() -> None:
    block = draw(0, BLOCK)
    assert set(block.handle.tolist()) == {handle.value for handle in Handle}
    assert set(block.state.tolist()) == set(range(len(STATES)))


def test_a_cart_that_became_an_order_is_its_buyers() -> None:
    block = draw(0, BLOCK)
    became = np.flatnonzero(block.became >= 0)
    assert len(became) > 1000
    assert (block.buyer[block.became[became]] == block.holder[became]).all()
    assert (block.ordered[block.became[became]] > block.changed[became]).all()
