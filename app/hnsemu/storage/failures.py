"""What a failure of the database means: try again, refuse, or give up."""

from sqlalchemy.exc import DBAPIError, IntegrityError

from hnsemu.errors import HnsError, Hr

# SQLSTATEs after which the server promises that nothing happened: serialization failure,
# deadlock, lock not available.
_RETRIED_STATES = {"40001", "40P01", "55P03"}

_FULL = {"SQLITE_FULL", "53100"}  # SQLite's name, PostgreSQL's SQLSTATE

_READ_ONLY = "25006"  # PostgreSQL's SQLSTATE; SQLite's names begin with SQLITE_READONLY

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
    cause = getattr(error, "orig", None)
    codes = {getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None)}
    return not codes.isdisjoint(_FULL)


def is_read_only(error: Exception) -> bool:
    """Tell whether a failure means that the database may not be written."""
    cause = getattr(error, "orig", None)
    name = getattr(cause, "sqlite_errorname", None) or ""
    return name.startswith("SQLITE_READONLY") or getattr(cause, "sqlstate", None) == _READ_ONLY


def is_safe_to_retry(error: DBAPIError) -> bool:
    """Tell whether nothing of the transaction can have happened.

    A connection lost during COMMIT is not safe: nobody knows whether the commit happened.
    """
    if getattr(error.orig, "sqlstate", None) in _RETRIED_STATES:
        return True
    # SQLAlchemy names the statement of every failure but that of COMMIT.
    return error.connection_invalidated and error.statement is not None


def refusal_of(error: IntegrityError) -> HnsError:
    """Return the refusal that a violated constraint means.

    Raises: the error itself when the constraint guards no promise of ours, as that is a bug.
    """
    diagnosis = getattr(error.orig, "diag", None)
    table = getattr(diagnosis, "table_name", None)
    if table is None:  # SQLite: "UNIQUE constraint failed: networks.host_key, networks.id"
        table = str(error.orig).partition("failed: ")[2].partition(".")[0]
    hr = _CONSTRAINTS.get(table)
    if hr is None:
        raise error
    return HnsError(hr, f"another request took it first ({table})")
