"""The extension's one document, and the files that it names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

DOCUMENT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8" />'
    '<script type="module" src="./assets/index-abc.js"></script></head><body></body></html>'
)


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A built extension of one file, and none else."""
    (tmp_path / "dashboard" / "assets").mkdir(parents=True)
    (tmp_path / "dashboard" / "index.html").write_text(DOCUMENT)
    (tmp_path / "dashboard" / "assets" / "index-abc.js").write_text("let one = 1\n" * 200)
    (tmp_path / "dashboard" / "assets" / "index-abc.js.gz").write_bytes(b"squeezed")
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    yield tmp_path
    finders.get_finder.cache_clear()


@pytest.mark.parametrize(
    "path", ["/dashboard", "/dashboard/", "/dashboard/customer", "/dashboard/overview", "/dashboard/a/b/"]
)
def test_every_path_has_the_same_document(client: Client, built: Path, path: str) -> None:
    answer = client.get(path, {"customerId": "VXNlcjox", "theme": "dark"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    assert './assets/index-abc.js"' in answer.content.decode()


def test_any_dashboard_may_frame_it_and_only_its_own_files_run(client: Client, built: Path) -> None:
    answer = client.get("/dashboard/")
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert policy["frame-src"] == "'self'"
    assert "frame-ancestors" not in policy
    assert "X-Frame-Options" not in answer


def test_nothing_is_kept_set_or_told_to_others(client: Client, built: Path) -> None:
    answer = client.get("/dashboard/customer", {"customerId": "VXNlcjox"})
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert not answer.cookies
    assert "VXNlcjox" not in answer.content.decode()


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://app.example.com", "/static/dashboard/"),
        ("https://app.example.com/below/a/path", "/below/a/path/static/dashboard/"),
        ('https://app.example.com/"><script>', "/&quot;&gt;&lt;script&gt;/static/dashboard/"),
    ],
)
def test_its_files_are_found_below_a_path_too(
    client: Client, built: Path, settings: Settings, url: str, base: str
) -> None:
    settings.IFRAME_URL = url
    assert f'<head><base href="{base}"><meta' in client.get("/dashboard/customer").content.decode()


def test_a_missing_build_is_named_with_its_remedy(client: Client, built: Path) -> None:
    (built / "dashboard" / "index.html").unlink()
    answer = client.get("/dashboard/")
    assert answer.status_code == 503
    assert "make extension" in answer.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_only_reads(client: Client, built: Path, method: str) -> None:
    assert getattr(client, method)("/dashboard/").status_code == 405


def test_hashed_files_are_kept_for_ever_and_served_squeezed(built: Path) -> None:
    client = Client()  # its middleware looks for files when it starts
    answer = client.get("/static/dashboard/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
    assert b"".join(answer) == b"squeezed"
    assert answer["Content-Encoding"] == "gzip"
    (age,) = re.findall(r"max-age=(\d+)", answer["Cache-Control"])
    assert int(age) > 365 * 86400 - 1
    assert "immutable" in answer["Cache-Control"]
