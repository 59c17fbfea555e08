"""A plugin of ariadne-codegen, which is there in development only: `make generate` imports this, nothing else does."""

import ast

from ariadne_codegen.plugins.base import Plugin
from graphql import FragmentDefinitionNode, GraphQLEnumType

LATER: dict[str, set[str]] = {
    "OrderFacts": {
        *("lines", "metadata", "voucher_code", "shipping_address", "billing_address", "shipping_method_name"),
    },
    "FulfillmentFacts": {"metadata"},
    "CheckoutFacts": {"voucher_code", "shipping_address", "billing_address"},
    **{
        f"{facts}{address}": {"postal_code"}
        for facts in ("OrderFacts", "CheckoutFacts")
        for address in ("ShippingAddress", "BillingAddress")
    },
}
"""What our fragments did not select from the start: bodies lack it until a shop's webhooks are current."""


class OpenEnums(Plugin):
    """Gives every generated enum the base OpenEnum."""

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        class_def.bases = [ast.Name("OpenEnum")]
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        imported = ast.ImportFrom("open_enum", [ast.alias("OpenEnum")], level=2)
        module.body = [imported, *(line for line in module.body if not isinstance(line, ast.ImportFrom))]
        return module


class LaterFields(Plugin):
    """Makes the fields of LATER None where they are missing."""

    def generate_fragments_module(
        self, module: ast.Module, fragments_definitions: dict[str, FragmentDefinitionNode]
    ) -> ast.Module:
        for fragment in (part for part in module.body if isinstance(part, ast.ClassDef) and part.name in LATER):
            for field in (line for line in fragment.body if isinstance(line, ast.AnnAssign)):
                if isinstance(field.target, ast.Name) and field.target.id in LATER[fragment.name]:
                    if not ast.unparse(field.annotation).startswith("Optional["):
                        field.annotation = ast.Subscript(ast.Name("Optional"), field.annotation)
                    if isinstance(field.value, ast.Call):  # Field(alias=...)
                        field.value.keywords.append(ast.keyword("default", ast.Constant(None)))
                    else:
                        field.value = ast.Constant(None)
        return module
