"""What a failure of the database means: try again, refuse, or give up."""

from sqlalchemy.exc import DBAPIError, IntegrityError

from hnsemu.errors import HnsError, Hr

# SQLSTATEs after which the server promises that nothing happened: serialization failure,
# deadlock, lock not available.
_RETRIED_STATES = {"40001", "40P01", "55P03"}

_FULL = {"SQLITE_FULL", "53100"}  # SQLite's name, PostgreSQL's SQLSTATE

_READ_ONLY = "25006"  # PostgreSQL's SQLSTATE; SQLite's names begin with SQLITE_READONLY

_NOT_UNIQUE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}

# Which refusal a violated uniqueness means. The host lock prevents these; the constraints prove it.
_CONSTRAINTS = {
    "hosts": Hr.E_ALREADY_EXISTS,
    "networks": Hr.E_OBJECT_ALREADY_EXISTS,
    "endpoints": Hr.E_OBJECT_ALREADY_EXISTS,
    "namespaces": Hr.E_OBJECT_ALREADY_EXISTS,
    "guest_network_services": Hr.E_OBJECT_ALREADY_EXISTS,
    "policy_lists": Hr.E_OBJECT_ALREADY_EXISTS,
    "ip_allocations": Hr.E_OBJECT_ALREADY_EXISTS,
    "mac_allocations": Hr.E_OBJECT_ALREADY_EXISTS,
    "nat_rules": Hr.HCN_E_PORT_ALREADY_EXISTS,
    "load_balancer_frontends": Hr.E_ALREADY_EXISTS,
    "namespace_resources": Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS,
}


def is_full(error: Exception) -> bool:
    """Tell whether a failure means that the database's disk is full."""
    return not _codes(error).isdisjoint(_FULL)


def is_read_only(error: Exception) -> bool:
    """Tell whether a failure means that the database may not be written."""
    return any(code.startswith("SQLITE_READONLY") or code == _READ_ONLY for code in _codes(error))


def is_safe_to_retry(error: DBAPIError) -> bool:
    """Tell whether nothing of the transaction can have happened.

    A connection lost during COMMIT is not safe: nobody knows whether the commit happened.
    """
    if not _codes(error).isdisjoint(_RETRIED_STATES):
        return True
    # SQLAlchemy names the statement of every failure but that of COMMIT.
    return error.connection_invalidated and error.statement is not None


def refusal_of(error: IntegrityError) -> HnsError:
    """Return the refusal that a violated uniqueness means.

    Raises: the error itself when another constraint is violated, or one that guards no promise of
            ours: that is a bug.
    """
    if _codes(error).isdisjoint(_NOT_UNIQUE):
        raise error
    diagnosis = getattr(error.orig, "diag", None)
    table = getattr(diagnosis, "table_name", None)
    if table is None:  # SQLite: "UNIQUE constraint failed: networks.host_key, networks.id"
        table = str(error.orig).partition("failed: ")[2].partition(".")[0]
    hr = _CONSTRAINTS.get(table)
    if hr is None:
        raise error
    return HnsError(hr, f"another request took it first ({table})")


def _codes(error: Exception) -> set[str]:
    """Return the names under which the database knows a failure: SQLite's, or an SQLSTATE."""
    cause = getattr(error, "orig", None) or error  # a driver's own
    named = (getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None))
    return {code for code in named if code}
