import pytest

from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask

pytestmark = pytest.mark.django_db

SET = (
    "mutation ($percent: Int!) { holdoutSet(percent: $percent) { holdout { percent most } errors { field message } } }"
)


def share(installation: Installation) -> float:
    with within(installation.pk):
        return Installation.objects.get(pk=installation.pk).holdout_share


def test_begins_with_nobody(ask: Ask) -> None:
    assert ask("{ holdout { percent most } }")["holdout"] == {"percent": 0, "most": 50}


@pytest.mark.parametrize("percent", [0, 7, 50])
def test_keeps_what_it_is_told(percent: int, ask: Ask, installation: Installation) -> None:
    answer = ask(SET, percent=percent)["holdoutSet"]
    assert answer == {"holdout": {"percent": percent, "most": 50}, "errors": []}
    assert ask("{ holdout { percent } }")["holdout"] == {"percent": percent}
    assert share(installation) == percent / 100


@pytest.mark.parametrize("percent", [-1, 51])
def test_refuses_more_than_half(percent: int, ask: Ask, installation: Installation) -> None:
    answer = ask(SET, percent=percent)["holdoutSet"]
    assert answer == {"holdout": None, "errors": [{"field": "percent", "message": "Give 0 to 50 of a hundred."}]}
    assert share(installation) == 0


def test_leaves_other_shops_alone(ask: Ask, other_installation: Installation) -> None:
    ask(SET, percent=10)
    assert share(other_installation) == 0
