"""--ca and --insecure, options of every client command: which certificates are accepted."""

import functools
import gc
import inspect
import ssl
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from hnsemu.cli.connections import close_connections

_Ca = Annotated[
    str,
    typer.Option(
        "--ca",
        metavar="FILE",
        envvar="HNSEMU_CA",
        help="PEM file with the certificates to trust, for https.",
    ),
]
_Insecure = Annotated[
    bool, typer.Option("--insecure", help="Accept any certificate; anyone may read and answer.")
]
_WRONG_NAME = {62, 64}  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


@dataclass(frozen=True)
class Trust:
    """Which certificates a client accepts. ca: PEM file, "" for what the machine trusts."""

    ca: str = ""
    insecure: bool = False

    def context(self, scheme: str) -> ssl.SSLContext | None:
        """Return what checks the certificate of a service with a URL of this scheme.

        Raises: ValueError if the file cannot be used.
        """
        if scheme == "http":
            return None  # the certificates of the machine take 40 ms to load
        if self.insecure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return context
        try:
            return ssl.create_default_context(cafile=self.ca or None)
        except OSError as error:  # ssl.SSLError is one
            raise ValueError(f"cannot read certificates from {self.ca}: {error}") from error


_OF_MACHINE = Trust()
_trust: ContextVar[Trust] = ContextVar("trust", default=_OF_MACHINE)
trust_of_command = _trust.get
"""Return what the options of the running command say."""


class ClientCommands(typer.Typer):
    """Commands that talk to a service: each also has the options --ca and --insecure."""

    def command(self, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:  # noqa: ANN401 (typer's)
        """Add a command, as `typer.Typer.command` does."""
        register = super().command(*args, **kwargs)

        def add(function: Callable[..., None]) -> Callable[..., None]:
            register(_with_trust(function))
            return function

        return add


def _with_trust(function: Callable[..., None]) -> Callable[..., None]:
    """Return the command with the two options, which it does not see itself."""

    @functools.wraps(function)
    def command(*args: object, ca: str, insecure: bool, **kwargs: object) -> None:
        gc.enable()  # disabled while the command was loaded
        before = _trust.set(Trust(ca, insecure))
        try:
            function(*args, **kwargs)
        finally:
            _trust.reset(before)
            close_connections()

    signature = inspect.signature(function)
    added: dict[str, tuple[object, object]] = {"ca": (_Ca, ""), "insecure": (_Insecure, False)}
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in added.items()
    ]
    parameters = [*signature.parameters.values(), *options]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {**function.__annotations__, "ca": _Ca, "insecure": _Insecure}
    return command


def certificate_problem(url: str, error: BaseException) -> str:
    """Return what is wrong with the certificate or with TLS itself, "" if neither failed."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return ""
    if not isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"{url} does not speak TLS as expected: {cause.reason or cause}; the address of a "
            "service without certificate begins with http://"
        )
    remedy = "give the certificate of its authority with --ca FILE or HNSEMU_CA"
    if cause.verify_code in _WRONG_NAME:
        remedy = "use an address that is named in the certificate"
    reason = cause.verify_message.rstrip(".")
    return (
        f"the service at {url} answers, but its certificate is not accepted: {reason}; {remedy}, "
        "or accept any certificate with --insecure"
    )
