"""Alembic migrations of hnsemu's database; `hnsemu migrate` runs them."""
