"""What columns are made of: keys, references, texts and numbers, in one notation for all tables."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, String, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite makes only an INTEGER primary key its row id.
Key = BigInteger().with_variant(Integer, "sqlite")
Guid = String(36)


def key_column() -> Column[int]:
    """Return the number of a row, which the database counts."""
    return Column("key", Key, primary_key=True, autoincrement=True)


def reference(
    table: str, name: str = "", *, nullable: bool = False, index: bool = False
) -> Column[int]:
    """Return a reference to `table` that goes with it."""
    return Column(
        name or f"{table.rstrip('s') if not table.endswith('es') else table[:-2]}_key",
        Key,
        ForeignKey(f"{table}.key", ondelete="CASCADE"),
        nullable=nullable,
        index=index,
    )


def text_column(name: str, default: str = "", *, added: bool = False) -> Column[str]:
    """Return a column of text of any length."""
    server_default = default if added else None
    return Column(name, Text, nullable=False, default=default, server_default=server_default)


def integer_column(name: str, default: int = 0, *, added: bool = False) -> Column[int]:
    """Return a column of 64-bit integers."""
    server_default = str(default) if added else None
    return Column(name, BigInteger, nullable=False, default=default, server_default=server_default)


def boolean_column(name: str, *, default: bool = False, added: bool = False) -> Column[bool]:
    """Return a column of true and false."""
    # As text, which both databases read: SQLite would copy the table for true() and false().
    server_default = str(int(default)) if added else None
    return Column(name, Boolean, nullable=False, default=default, server_default=server_default)
