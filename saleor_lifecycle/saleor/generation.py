"""A plugin of ariadne-codegen, which is there in development only: `make generate` imports this, nothing else does."""

import ast

from ariadne_codegen.plugins.base import Plugin
from graphql import GraphQLEnumType


class OpenEnums(Plugin):
    """Gives every generated enum the base OpenEnum."""

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        class_def.bases = [ast.Name("OpenEnum")]
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        imported = ast.ImportFrom("open_enum", [ast.alias("OpenEnum")], level=2)
        module.body = [imported, *(line for line in module.body if not isinstance(line, ast.ImportFrom))]
        return module
