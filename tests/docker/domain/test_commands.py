"""Which commands of containers are understood."""

import pytest

from hnsemu.docker.domain.commands import Command, Kind, understood


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("ipconfig", Command(Kind.IPCONFIG)),
        ("ipconfig.exe /all", Command(Kind.IPCONFIG, details=True)),
        (r"C:\Windows\System32\ipconfig.exe", Command(Kind.IPCONFIG)),
        ("ping db", Command(Kind.PING, "db", count=4)),
        ("ping -n 1 -w 500 db", Command(Kind.PING, "db", count=1)),
        ("ping -t db", Command(Kind.WAIT)),
        ("nslookup db", Command(Kind.NSLOOKUP, "db")),
        ("hostname", Command(Kind.HOSTNAME)),
        ("whoami", Command(Kind.WHOAMI)),
        ("route print", Command(Kind.ROUTES, text="route print")),
        ("route add x", Command(Kind.NOTHING, text="route add x")),
        ("curl http://db:8080/x", Command(Kind.CONNECT, "db", 8080, text="http://db:8080/x")),
        ("curl -s -m 5 https://db", Command(Kind.CONNECT, "db", 443, text="https://db")),
        ("curl db", Command(Kind.CONNECT, "db", 80, text="db")),
        ("curl http://db:x", Command(Kind.CONNECT, text="http://db:x")),
        ("timeout /t 30", Command(Kind.WAIT)),
        ("sleep 60", Command(Kind.WAIT)),
        ("serve.exe", Command(Kind.WAIT)),
        ("nginx -g daemon", Command(Kind.NOTHING, text="nginx -g daemon")),
    ],
)
def test_a_command_is_understood_by_its_name(line: str, command: Command) -> None:
    assert understood(line.split(), interactive=False) == command


@pytest.mark.parametrize(
    "words",
    [
        ["cmd", "/c", "ping -n 2 db"],
        ["cmd.exe", "/S", "/C", "ping -n 2 db && ping other"],
        ["powershell", "-NoProfile", "-Command", "ping -n 2 db"],
        ["powershell.exe", "-ExecutionPolicy", "Bypass", "-c", "ping -n 2 db | Out-Null"],
        ["pwsh", "ping", "-n", "2", "db"],
    ],
)
def test_a_shell_runs_the_command_behind_it(words: list[str]) -> None:
    assert understood(words, interactive=False) == Command(Kind.PING, "db", count=2)


def test_powershell_tests_connections() -> None:
    words = ["powershell", "Test-NetConnection", "-ComputerName", "db", "-Port", "1433"]
    expected = Command(Kind.CONNECT, "db", 1433, details=True, text="db")
    assert understood(words, interactive=False) == expected


def test_powershell_requests_pages() -> None:
    words = ["powershell", "-c", "Invoke-WebRequest -UseBasicParsing -Uri http://db:81"]
    assert understood(words, interactive=False) == Command(
        Kind.CONNECT, "db", 81, text="http://db:81"
    )


@pytest.mark.parametrize("shell", ["cmd", "powershell", "pwsh.exe"])
def test_a_shell_without_a_command_waits_for_input_and_ends_where_there_is_none(shell: str) -> None:
    assert understood([shell], interactive=True).kind is Kind.SHELL
    assert understood([shell], interactive=False) == Command(Kind.EXIT)


@pytest.mark.parametrize(("line", "code"), [("exit 3", 3), ("exit /b 4", 4), ("exit", 0)])
def test_exit_gives_the_exit_code(line: str, code: int) -> None:
    assert understood(["cmd", "/c", line], interactive=False) == Command(Kind.EXIT, count=code)


def test_quotes_that_do_not_close_are_part_of_words() -> None:
    words = ["cmd", "/c", 'echo "never closed']
    assert understood(words, interactive=False).kind is Kind.NOTHING
