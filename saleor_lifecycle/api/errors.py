from graphql import GraphQLError


class Refusal(GraphQLError):
    """An answer that is no answer, in words for whoever asked; ``code`` is what their program goes by."""

    def __init__(self, message: str, code: str, **more: object) -> None:
        super().__init__(message, extensions={"code": code, **more})
