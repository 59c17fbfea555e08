from datetime import datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.order_days import order_days
from saleor_lifecycle.domain.prediction import RUNG_FIT, LossRule, Parameters, loss_date, second
from saleor_lifecycle.domain.rescoring import loss_seconds
from saleor_lifecycle.domain.scoring import EPOCH
from tests.domain.shops import histories, parameters, rules


def rescored(rule: LossRule, people: list[list[datetime]]) -> list[datetime]:
    rows = [(who, (at - EPOCH).days, second(at)) for who, orders in enumerate(people) for at in orders]
    who, day, at = zip(*rows, strict=True)
    return [EPOCH + timedelta(seconds=int(each)) for each in loss_seconds(rule, order_days(who, day, at))]


@given(rules, st.lists(histories, min_size=1, max_size=20))
def test_agrees_with_the_fold_to_the_second(rule: LossRule, people: list[list[datetime]]) -> None:
    assert rescored(rule, people) == [loss_date({at.date(): at for at in one}, rule).at for one in people]


@given(parameters)
def test_agrees_whatever_the_days_between(fitted: Parameters) -> None:
    rule = LossRule(RUNG_FIT, fitted)
    people = [[EPOCH, EPOCH + timedelta(days=day)] for day in range(1, 150)]
    assert rescored(rule, people) == [loss_date({at.date(): at for at in one}, rule).at for one in people]


@given(rules)
def test_nobody_has_no_dates(rule: LossRule) -> None:
    assert loss_seconds(rule, order_days([], [])).tolist() == []
    assert loss_seconds(rule, order_days([], [])).dtype == np.int64
