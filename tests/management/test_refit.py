from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.models import Fit, Installation
from saleor_lifecycle.models.entry import within

pytestmark = pytest.mark.django_db


def lines_of(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("refit", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_tells_what_was_found_and_what_changes(installation: Installation, now: datetime) -> None:
    assert lines_of(installation.saleor_api_url) == [
        installation.saleor_api_url,
        "  from 0 buyers, 0 of whom came back: 40, 90 and 180 days, which are assumed of anyone, because it has fewer "
        "than 300 buyers; silent for 180, 90, 40 days after one order, two, three means loss",
        "  nothing changes",
    ]
    with within(installation.pk):
        assert Fit.objects.count() == 1


def test_an_unknown_shop_is_refused_and_nobody_fitted(installation: Installation) -> None:
    with pytest.raises(CommandError, match=installation.saleor_api_url):
        lines_of("https://elsewhere.example/graphql/")
    with within(installation.pk):
        assert not Fit.objects.exists()
