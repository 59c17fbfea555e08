"""Fitted shops and order days, drawn by hypothesis."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from saleor_lifecycle.domain.prediction import (
    RUNG_FIT,
    RUNG_MEDIAN,
    LossRule,
    LossSettings,
    Parameters,
)

START = datetime(2020, 1, 1, tzinfo=UTC)
shapes = st.floats(0.05, 20)
parameters = st.builds(Parameters, r=shapes, alpha=st.floats(5, 2000), a=shapes, b=shapes)
settings = st.builds(LossSettings, share=st.floats(0.05, 0.95))
silences = st.tuples(*[st.floats(5, 400)] * 3)
rules = st.one_of(
    st.builds(LossRule, st.just(RUNG_FIT), parameters, settings=settings),
    st.builds(LossRule, st.just(RUNG_MEDIAN), silences=silences, settings=settings),
)
# One moment per day and customer, of a few years, as the fold hands them on.
histories = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 86_399_999_999)), min_size=1, max_size=12, unique_by=lambda at: at[0]
).map(lambda rows: [START + timedelta(days=day, microseconds=into) for day, into in sorted(rows)])
