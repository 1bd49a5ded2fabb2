"""The fixtures, the marker and the reports, in runs of pytest of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from hnsemu.testing import Service

pytest_plugins = ["pytester"]

_SETTINGS = """
[pytest]
addopts = -p no:cacheprovider
filterwarnings = error
"""
_LEAVES = """
def test_leaves(hns):
    hns.v2.post("/networks", {"Name": "pods", "Type": "Private"})
"""


@pytest.fixture
def runs(
    pytester: pytest.Pytester, hns_server: Service, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """Return what runs tests against the service of this run."""
    monkeypatch.setenv("HNSEMU_URL", hns_server.url)
    pytester.makeini(_SETTINGS)
    return pytester


def hosts(service: Service) -> list[str]:
    """Return the hosts of the service that tests made."""
    names = [host["name"] for host in service.api.get("/emulator/hosts")]
    return [name for name in names if name.startswith("test-of-")]


def test_each_test_has_a_host_of_its_own_that_is_gone_afterwards(
    runs: pytest.Pytester, hns_server: Service
) -> None:
    runs.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_of_a_host(hns, turn):
            assert hns.name.startswith(f"test-of-a-host-{turn}-")
            network = hns.v2.post("/networks", {"Name": "pods", "Type": "Private"})
            assert len(hns.v2.get("/networks")) == 2
            hns.verify("HcnCreateNetwork", count=1)
            hns.v2.delete(f"/networks/{network['ID']}")
        """
    )
    result = runs.runpytest_inprocess()
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*left behind*")
    assert hosts(hns_server) == []


def test_a_failure_shows_the_journal_and_the_line_of_the_test(runs: pytest.Pytester) -> None:
    runs.makepyfile(
        """
        def test_red(hns):
            hns.v2.post("/networks", {"Name": "pods", "Type": "Private"})
            hns.verify("HcnCreateNetwork", request={"Name": "pod"})
        """
    )
    result = runs.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*hns.verify(*",
            '*request.Name: expected "pod", found "pods"',
            "*- hnsemu journal -*",
            '*1  201  HcnCreateNetwork  /v2/networks  {"Name": "pods"*',
        ]
    )
    result.stdout.no_fnmatch_line("*testing/requests.py*")
    result.stdout.no_fnmatch_line("*left behind*")  # a test that was cut short leaves things


def test_a_fixture_that_fails_shows_the_journal(runs: pytest.Pytester) -> None:
    runs.makepyfile(
        """
        import pytest

        @pytest.fixture
        def prepared(hns):
            hns.v2.get("/networks/x")

        def test_red(prepared): pass

        @pytest.fixture
        def used(hns):
            yield
            hns.v2.get("/endpoints/x")

        def test_green(used): pass
        """
    )
    result = runs.runpytest_inprocess()
    result.assert_outcomes(errors=2, passed=1)
    for noun in ("Network", "Endpoint"):
        line = f"*1  400  0x803b0019  HcnQuery{noun}*"
        result.stdout.fnmatch_lines(["*- hnsemu journal -*", line])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('hns.fault("none")', "*Refusal: POST *: preset: 'none' is unknown*"),
        ('hns.trace("nobody", "10.0.0.1", 80)', "*no endpoint has the id or name 'nobody'*"),
        ('hns.v2.delete("/networks/x")', "*'x' is not a GUID*"),
    ],
)
def test_a_refusal_shows_the_line_of_the_test(
    line: str, sentence: str, runs: pytest.Pytester
) -> None:
    runs.makepyfile(f"def test_red(hns):\n    {line}\n")
    result = runs.runpytest_inprocess()
    result.stdout.fnmatch_lines([f">*{line}", sentence])
    result.stdout.no_fnmatch_line("*hnsemu/testing/*")


def test_what_a_test_leaves_behind_is_listed(runs: pytest.Pytester) -> None:
    runs.makepyfile(_LEAVES)
    result = runs.runpytest_inprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "*= hnsemu: objects that tests left behind =*",
            "*::test_leaves",
            "  network pods (*), made by call 1, HcnCreateNetwork",
        ]
    )


@pytest.mark.parametrize("by", ["option", "marker"])
def test_what_a_test_leaves_behind_may_fail_it(runs: pytest.Pytester, by: str) -> None:
    marker = 'import pytest\npytestmark = pytest.mark.hns(leftovers="fail")\n'
    runs.makepyfile(_LEAVES if by == "option" else marker + _LEAVES)
    options = ["-o", "hns_leftovers=fail"] if by == "option" else []
    result = runs.runpytest_inprocess(*options)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["hnsemu: the test left objects behind:", "network pods (*"])


def test_what_a_test_leaves_behind_may_be_ignored(runs: pytest.Pytester) -> None:
    runs.makepyfile(_LEAVES)
    result = runs.runpytest_inprocess("-o", "hns_leftovers=ignore")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*left behind*")


def test_the_marker_says_what_the_host_is(runs: pytest.Pytester) -> None:
    runs.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.hns(release="ws2022")

        def test_of_the_module(hns):
            assert hns.host.get("/host")["Release"] == "ws2022"

        @pytest.mark.hns(release="ws2019")
        def test_of_its_own(hns):
            assert hns.host.get("/host")["Release"] == "ws2019"
        """
    )
    runs.runpytest_inprocess("--strict-markers").assert_outcomes(passed=2)


def test_the_marker_names_faults(runs: pytest.Pytester) -> None:
    runs.makepyfile(
        """
        import pytest
        from hnsemu.testing import Refusal

        GONE = {"match": {"operation": "HcnCreateNamespace"}, "then": {"status": 503}}

        @pytest.mark.hns(faults=["access-denied", GONE])
        def test_of_faults(hns):
            with pytest.raises(Refusal, match="Access is denied"):
                hns.v2.post("/networks", {"Name": "pods", "Type": "Private"})
            with pytest.raises(Refusal, match="503|ccess"):
                hns.v2.post("/namespaces", {})
        """
    )
    runs.runpytest_inprocess().assert_outcomes(passed=1)


def test_the_marker_names_a_state(runs: pytest.Pytester) -> None:
    runs.makepyfile(
        """
        import pytest

        def test_saves(hns, request):
            hns.v2.post("/networks", {"Name": "pods", "Type": "Private"})
            text = hns.emulator.get("/state", format="yaml")
            (request.config.rootpath / "state.yaml").write_text(text)

        @pytest.mark.hns(state="state.yaml")
        def test_of_a_state(hns):
            assert "pods" in {network["Name"] for network in hns.v2.get("/networks")}
            assert len(hns.requests) == 1
        """
    )
    runs.runpytest_inprocess().assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        (
            'hns(releases="ws2022")',
            "*pytest.mark.hns: releases: write faults=*, leftovers=*, release=*, state=*",
        ),
        ('hns("ws2022")', "*pytest.mark.hns: positional arguments: write *"),
        ('hns(release="ws1999")', "hnsemu: PUT /emulator/hosts/test-*: 400 0x*: *ws1999*"),
        ('hns(state="missing.yaml")', "hnsemu: *No such file*missing.yaml*"),
        ('hns(leftovers="perhaps")', "hnsemu: leftovers: 'perhaps' is none of report, fail, *"),
        ('hns(faults="perhaps")', "hnsemu: POST */faults: 400 0x*: preset: 'perhaps' is unknown*"),
    ],
)
def test_a_wrong_marker_says_what_is_wrong(
    runs: pytest.Pytester, hns_server: Service, marker: str, sentence: str
) -> None:
    runs.makepyfile(f"import pytest\n@pytest.mark.{marker}\ndef test_of_it(hns): pass")
    result = runs.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([sentence])
    assert hosts(hns_server) == []


def test_an_option_that_is_none_is_a_usage_error(runs: pytest.Pytester) -> None:
    result = runs.runpytest_inprocess("-o", "hns_leftovers=perhaps")
    assert result.ret is pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*hns_leftovers: 'perhaps' is none of report, fail, ignore"])


def test_a_variable_that_names_no_service_says_so(
    runs: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNSEMU_URL", "http://127.0.0.1:1")
    runs.makepyfile("def test_of_it(hns): pass")
    result = runs.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["hnsemu: no service is ready at http://127.0.0.1:1*unset HNSEMU_URL*"]
    )


def test_a_journal_that_cannot_be_read_does_not_hide_the_failure(runs: pytest.Pytester) -> None:
    runs.makepyfile("def test_of_it(hns):\n    hns.emulator.delete('')\n    assert 1 == 2")
    result = runs.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*assert 1 == 2", "the journal cannot be read: *404*"])


def test_workers_have_a_service_each_and_report_together(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HNSEMU_URL", raising=False)
    pytester.makeini(_SETTINGS)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_leaves(hns, hns_server, turn):
            assert hns_server.is_own
            hns.v2.post("/networks", {"Name": f"pods-{turn}", "Type": "Private"})

        def test_red(hns):
            hns.verify("HcnCreateNetwork")
        """
    )
    result = pytester.runpytest_subprocess("-n", "2")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*- hnsemu journal -*", "no calls"])
    result.stdout.fnmatch_lines_random(["  network pods-1 (*", "  network pods-2 (*"])


_LOADED = """
import sys
import pytest
def test_of_nothing():
    loaded = {name for name in sys.modules if name.split(".")[0] == "hnsemu"}
    assert loaded == {"hnsemu", "hnsemu.pytest_plugin"}
"""


def test_nothing_is_loaded_or_started_where_no_test_needs_it(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(_LOADED)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
