"""pytest's fixtures `hns_server` and `hns`, and the marker `hns`.

pytest loads this module wherever hnsemu is installed, so it loads the rest when a test needs it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from hnsemu.testing import Host, Service
    from hnsemu.testing.leftovers import Leftover

_MARKER = (
    "hns(release, state, faults, leftovers): the host of the fixture `hns`: its Windows release, "
    "or the state document (or file) that it is made of; faults: presets or documents of faults; "
    "leftovers: report, fail or ignore"
)
_LEFTOVERS = "hnsemu: objects that tests left behind"
_JOURNAL = "hnsemu journal"
_CHOICES = ("report", "fail", "ignore")
_ARGUMENTS = frozenset({"release", "state", "faults", "leftovers"})

_OWN_FIXTURES = frozenset({"hns", "hns_server", "request"})

_host = pytest.StashKey["Host"]()
_last = pytest.StashKey[str]()
_passed = pytest.StashKey[bool]()
_left = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of pytest.ini that says what becomes of objects left behind."""
    parser.addini(
        "hns_leftovers",
        "what becomes of objects that a test leaves on its host: report, fail or ignore",
        default="report",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and refuse an option that is none."""
    config.addinivalue_line("markers", _MARKER)
    _check_choice(config.getini("hns_leftovers"), "hns_leftovers")


@pytest.fixture(scope="session")
def hns_server() -> Iterator[Service]:
    """Return a service: the one at HNSEMU_URL, or one that runs until the tests end."""
    from hnsemu.testing import ServiceError, service  # noqa: PLC0415 (see above)

    with ExitStack() as stack:
        try:
            running = stack.enter_context(service())
        except ServiceError as error:
            reason = str(error)
        else:
            yield running
            return
    pytest.fail(f"hnsemu: {reason}", pytrace=False)  # without what led to the error


@pytest.fixture
def hns(request: pytest.FixtureRequest, hns_server: Service) -> Iterator[Host]:
    """Return an emulated host of this test alone, its journal on; removed afterwards."""
    from hnsemu.testing.hosts import new_host  # noqa: PLC0415 (see above)
    from hnsemu.testing.http import Refusal  # noqa: PLC0415

    given = _of_markers(request.node)
    choice = given.pop("leftovers", request.config.getini("hns_leftovers"))
    try:
        _check_choice(choice, "leftovers")
        new, reason = new_host(hns_server, label=request.node.name, **given), ""
    except (OSError, Refusal, ValueError, pytest.UsageError) as error:
        reason = str(error)
    if reason:
        pytest.fail(f"hnsemu: {reason}", pytrace=False)  # without what led to the error
    request.node.stash[_host] = new
    try:
        yield new
    finally:
        del request.node.stash[_host]
        if _may_fail_yet(request.node):
            request.node.stash[_last] = _journal(new)
        left = new.remove()
    if left and choice != "ignore" and request.node.stash.get(_passed, False):
        _report_leftovers(request.node, left, fails=choice == "fail")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Print the journal of a host beside the failure of its test."""
    report = yield
    if call.when == "call":
        item.stash[_passed] = report.passed
    if report.failed and _host in item.stash:  # while other fixtures were made, too
        report.sections.append((_JOURNAL, _journal(item.stash[_host])))
    elif report.failed and _last in item.stash:  # while they were taken down
        report.sections.append((_JOURNAL, item.stash[_last]))
    if call.when == "teardown" and _left in item.stash:
        report.sections.append((_LEFTOVERS, item.stash[_left]))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what tests left behind."""
    texts = [
        (report.nodeid, text)
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport)
        for title, text in report.sections
        if title == _LEFTOVERS
    ]
    if texts:
        terminalreporter.section(_LEFTOVERS)
    for nodeid, text in texts:
        terminalreporter.line(nodeid)
        for line in text.splitlines():
            terminalreporter.line(f"  {line}")


def _may_fail_yet(node: pytest.Item) -> bool:
    """Tell whether a test that passed has other fixtures, which may fail while they are taken down.

    Those that need `hns` have done so when its host is removed; pytest tells of it afterwards.
    """
    given = getattr(node, "callspec", None)  # what pytest.mark.parametrize gives is no fixture
    others = (
        set(getattr(node, "fixturenames", ())) - _OWN_FIXTURES - set(given.params if given else ())
    )
    return bool(others) and node.stash.get(_passed, False)


def _of_markers(node: pytest.Item) -> dict[str, Any]:
    """Return what the markers of a test say; those nearer to it override those further away."""
    given: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("hns"))):
        unknown = ", ".join(sorted(marker.kwargs.keys() - _ARGUMENTS))
        if marker.args or unknown:
            pytest.fail(
                f"pytest.mark.hns: {unknown or 'positional arguments'}: write "
                f"{', '.join(f'{name}=…' for name in sorted(_ARGUMENTS))}",
                pytrace=False,
            )
        given |= marker.kwargs
    return given


def _check_choice(choice: str, name: str) -> None:
    if choice not in _CHOICES:
        raise pytest.UsageError(f"{name}: {choice!r} is none of {', '.join(_CHOICES)}")


def _journal(host: Host) -> str:
    try:
        return host.requests.text()
    except Exception as error:  # noqa: BLE001 (a report must not hide why the test failed)
        return f"the journal cannot be read: {error}"


def _report_leftovers(item: pytest.Item, left: Sequence[Leftover], *, fails: bool) -> None:
    text = "\n".join(leftover.text for leftover in left)
    if fails:
        pytest.fail(f"hnsemu: the test left objects behind:\n{text}", pytrace=False)
    item.stash[_left] = text
