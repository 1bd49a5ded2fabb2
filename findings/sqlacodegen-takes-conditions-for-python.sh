#!/usr/bin/env bash
# sqlacodegen writes the condition of a partial index down as Python: most do not compile, some are True
#
# Packages: sqlacodegen 4.0.4, the models generator for SQLAlchemy, and SQLAlchemy 2.1.9 (PyPI); SQLite.
# Expected: an index `WHERE id = 0` becomes Index(…, sqlite_where=text("id = 0")), as the server defaults
#           that it writes do, or the index is left out with a warning, as one of an expression is.
# Seen:     the condition stands there without quotes. `id = 0` is a syntax error. `hash IS NOT NULL` in small
#           letters is valid Python, and asks for a name null. `type <> 'nat'`, spelled with !=, compares Python's own
#           type with a text: the condition is True, which fails when the table is created.
# Matters:  tables of networks have columns called type, id or hash, and one name, address or MAC for each object that
#           is not deleted is a partial index. Whoever makes models of such a database has a module that is not
#           imported, or one that is and creates nothing.
# In docs:  nothing acts on it; the tables here are written by hand; storage/partial_indexes.py has such conditions.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlacodegen==4.0.4 sqlalchemy==2.1.9 >log 2>&1 || { cat log; exit 2; }
cat >generate.py <<'EOF'
import sqlalchemy
from sqlacodegen.generators import TablesGenerator


def models(condition):
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE networks (id INTEGER PRIMARY KEY, name TEXT, type TEXT, hash TEXT)")
        connection.exec_driver_sql(f"CREATE UNIQUE INDEX one_name ON networks (name) WHERE {condition}")
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    return TablesGenerator(metadata, engine, []).generate()


for condition in ("id = 0", "hash is not null", "type != 'nat'"):
    written = models(condition)
    print(next(line.strip() for line in written.splitlines() if "one_name" in line))
    names = {}
    try:
        exec(compile(written, "models", "exec"), names)
        (index,) = names["t_networks"].indexes
        print("  is imported; the condition is", index.dialect_kwargs["sqlite_where"])
        names["metadata"].create_all(sqlalchemy.create_engine("sqlite://"))
    except Exception as failure:
        print(" ", type(failure).__name__)
EOF
seen=$(venv/bin/python generate.py 2>log) || { cat log; exit 2; }
expected='Index('\''one_name'\'', '\''name'\'', sqlite_where=id = 0, unique=True)
  SyntaxError
Index('\''one_name'\'', '\''name'\'', sqlite_where=hash is not null, unique=True)
  NameError
Index('\''one_name'\'', '\''name'\'', sqlite_where=type != '\''nat'\'', unique=True)
  is imported; the condition is True
  AttributeError'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
