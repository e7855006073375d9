"""`INSERT … ON CONFLICT` in the dialect of the database in use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(connection: AsyncConnection, table: Table) -> Any:
    """Begin an `INSERT … ON CONFLICT`, which both databases spell alike but SQLAlchemy does not."""
    # Only the dialect in use: PostgreSQL's costs a start a tenth of a second.
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    return dialect.insert(table)
