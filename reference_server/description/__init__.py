"""What the server says of itself in OpenAPI 3.1: made from its routes, its preset and the schemas that it publishes."""

from reference_server.description.document import describe

__all__ = ["describe"]
