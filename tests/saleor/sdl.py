"""Saleor's own schemas, one for each minor version that the app serves; all but ours without their descriptions."""

import gzip
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema

ROOT = Path(__file__).parents[2]
SERVED = ("3.21", "3.22", "3.23", "3.24")
GENERATED_FROM = "3.23"


@cache
def schema_of(version: str) -> GraphQLSchema:
    """The schema of 3.24 is that of an alpha."""
    if version == GENERATED_FROM:
        return build_schema((ROOT / "graphql" / "saleor" / "schema.graphql").read_text(encoding="utf-8"))
    packed = ROOT / "tests" / "payloads" / f"schema-{version}.graphql.gz"
    return build_schema(gzip.decompress(packed.read_bytes()).decode())
