"""Where the reference server keeps its data: SQLAlchemy tables, a database with short transactions, a SCIM storage."""

from reference_server.store.database import Database
from reference_server.store.resources import SqlStorage

__all__ = ["Database", "SqlStorage"]
