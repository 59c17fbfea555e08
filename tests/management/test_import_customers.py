import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.models import Consent, ConsentText, Customer, CustomerFile, Installation
from saleor_lifecycle.models.entry import within

pytestmark = pytest.mark.django_db

BODY = "Correo;Nombre;Alta\neva@example.com;Eva;\nnobody;;\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(BODY, encoding="utf-16")
    return path


def run(installation: Installation, file: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("import_customers", installation.saleor_api_url, file, stdout=out, **options)
    return out.getvalue()


def test_it_counts_and_imports_nobody(installation: Installation, file: Path) -> None:
    printed = run(installation, file)
    assert '"people": 1' in printed
    assert "Nothing was imported" in printed
    with within(installation.pk):
        assert not Customer.objects.exists()
        assert not CustomerFile.objects.exists()


def test_it_imports_by_what_it_is_told(
    installation: Installation, other_installation: Installation, file: Path, tmp_path: Path
) -> None:
    refused = tmp_path / "refused.csv"
    told = {"everyone": "yes", "date": "2024-05-01", "source": "Mailchimp", "text": "news"}
    printed = run(installation, file, go=True, refused=refused, column=["first_name=Nombre"], **told)
    assert "2 lines in" in printed
    with within(installation.pk):
        said = Consent.objects.get()
        assert said.evidence == "people.csv, 2, Mailchimp"
        assert ConsentText.objects.get(hash=said.text_hash).text == "news"
    assert refused.stat().st_mode & 0o777 == 0o600
    assert [line.split(",")[:2] for line in refused.read_text(encoding="utf-8").splitlines()[1:]] == [
        ["3", "invalid_email"]
    ]
    with within(other_installation.pk):
        assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [({"column": ["email=Phone"]}, "columns are"), ({"column": ["shoe=Nombre"]}, "columns are")],
)
def test_what_it_cannot_understand_is_told(
    installation: Installation, file: Path, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        run(installation, file, **options)
    with within(installation.pk):
        assert not Customer.objects.exists()


def test_a_shop_or_file_that_is_not_there_is_told(installation: Installation, file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name one of the installed shops"):
        call_command("import_customers", "https://nowhere.example.com/graphql/", file)
    with pytest.raises(CommandError, match="cannot be read"):
        run(installation, tmp_path / "nothing.csv")
    with within(installation.pk):
        assert not CustomerFile.objects.exists()
