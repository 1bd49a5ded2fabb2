"""Faults named after incidents of real hosts: what a program meets in the field.

Source of each: its row. [O] was seen by those who reported it; the calls on which it acts by
default, and how it is told through other doors, are inferred.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hnsemu.domain.faults import Effect, FaultMatch, FaultRule, Latency
from hnsemu.errors import HnsError, Hr, OtherResult

_CREATE_NETWORK = "HcnCreateNetwork|HNSCall POST /networks/|docker network create"
_CREATE_ENDPOINT = "HcnCreateEndpoint|HNSCall POST /endpoints/|docker start|docker network connect"
_CREATE_BALANCER = "HcnCreateLoadBalancer|HNSCall POST /policylists/"
_CREATE = f"{_CREATE_NETWORK}|{_CREATE_ENDPOINT}|HcnCreate*|HNSCall POST /*s/|docker create"
_DELETE = "HcnDelete*|HNSCall DELETE *|docker network rm|docker rm"
_MODIFY = "HcnModify*|HNSCall POST /networks/{id}|HNSCall POST /endpoints/{id}"
_ATTACH = (
    "HcnModifyNamespace|HNSCall POST /endpoints/{id}/attach|"
    "HNSCall POST /namespaces/{id}/addresource|docker start"
)
_SHOW_NETWORK = (
    "HcnCreateNetwork|HcnOpenNetwork|HcnQueryNetworkProperties|HcnEnumerateNetworks|"
    "HNSCall POST /networks/|HNSCall GET /networks/*"
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named fault. about: what happened; source: who saw it; rule: what a tester may change."""

    about: str
    source: str
    rule: FaultRule


def _refusing(
    about: str, source: str, operation: str | None, hresult: int, *, is_done: bool = False
) -> Preset:
    effect = Effect(hresult=hresult, is_done=is_done)
    return Preset(about, source, FaultRule(FaultMatch(operation), effect))


def _preset(
    about: str,
    source: str,
    effect: Effect,
    operation: str | None = None,
    *,
    follows: str | None = None,
    times: int | None = None,
) -> Preset:
    match = FaultMatch(operation, follows=follows)
    return Preset(about, source, FaultRule(match, effect, times=times))


PRESETS: Mapping[str, Preset] = {
    "service-stopped": _refusing(
        "the HNS service does not run", "hns-behaviour.md section 6 [O]", None, 0x80070426
    ),
    "rpc-unavailable": _refusing(
        "the RPC server is unavailable: HNS is starting, or has died",
        "hns-behaviour.md section 6 [O]",
        None,
        0x800706BA,
    ),
    "rpc-failed": _refusing(
        "HNS dies in the middle of a call: it is done or not, the caller sees an RPC failure",
        "moby#30342 [O]",
        _CREATE,
        0x800706BE,
        is_done=True,
    ),
    "hang": _preset(
        "HNS never answers; Azure's CNI wraps each call in a timeout for this",
        "azure-container-networking [C]",
        Effect(hangs=True),
    ),
    "slow": _preset(
        "HNS takes long, sometimes very long: log-normal around half a second",
        "our own model [M]",
        Effect(latency=Latency(0.5, 1.0)),
    ),
    "access-denied": _refusing(
        "`Access is denied.` though the caller is an administrator",
        "moby#41278, docker/for-win#7856 [O]",
        _CREATE,
        0x80070005,
    ),
    "duplicate-name": _refusing(
        "an external port or a name is taken in a store that nobody shows",
        "wsl2-boot#3, dataplane.md [O]",
        _CREATE,
        0x80070034,
    ),
    "port-not-found": _refusing(
        "the switch port behind a load balancer is gone",
        "hcsshim#1043 [O]",
        _CREATE_BALANCER,
        0x803B0007,
    ),
    "adapter-not-found": _refusing(
        "no adapter fits the network",
        "hns-behaviour.md section 6 [O]",
        _CREATE_NETWORK,
        0x803B0006,
    ),
    "name-exists": _refusing(
        "a network of this name exists, though no list shows it",
        "hns-behaviour.md section 6 [O]",
        _CREATE_NETWORK,
        0x803B0010,
    ),
    "port-exists": _refusing(
        "the port is taken, though nobody shows by whom",
        "hns-behaviour.md section 6 [O]",
        f"{_CREATE_ENDPOINT}|{_CREATE_BALANCER}",
        0x803B0013,
    ),
    "address-in-use": _refusing(
        "the object already exists: the address is still leased",
        "hns-behaviour.md section 6 [O]",
        _CREATE_ENDPOINT,
        0x80071392,
    ),
    "port-pool-empty": _refusing(
        "no block of ports is left for NAT or a load balancer",
        "calico#12862 [O]; the code is inferred [I]",
        f"{_CREATE_ENDPOINT}|{_CREATE_BALANCER}|HcnReserveGuestNetworkServicePort*",
        0x803B0013,
    ),
    "request-unsupported": _refusing(
        "HNS does not support what it supported a moment ago",
        "hns-behaviour.md section 6 [O]",
        _CREATE,
        0x803B0015,
    ),
    "degraded-object": _refusing(
        "the object is degraded, and nothing can be done with it",
        "hns-behaviour.md section 6 [O]",
        _MODIFY,
        0x803B0017,
    ),
    "degraded-endpoint": _refusing(
        "an endpoint that was accepted fails when it is attached",
        "containerd#5729 [O]",
        _ATTACH,
        0x803B002E,
    ),
    "late-management-ip": _preset(
        "a new network shows its ManagementIP only later",
        "hns-behaviour.md, flannel's retry loop [O]",
        Effect(hides=("ManagementIP", "ProviderAddress")),
        _SHOW_NETWORK,
        times=5,
    ),
    "stale-success": _preset(
        "a change is answered with success, and nothing changes",
        "kubernetes#131466 [O]",
        Effect(is_undone=True),
        _MODIFY,
    ),
    "half-created": _preset(
        "a load balancer is left without its port mappings",
        "kubernetes#141489 [O]",
        Effect(is_halved=True),
        _CREATE_BALANCER,
    ),
    "load-balancer-vanishes": _preset(
        "a load balancer is created with success, and is not there afterwards",
        "hcsshim#1043 [O]; that it is gone is inferred [I]",
        Effect(is_undone=True),
        _CREATE_BALANCER,
    ),
    "delete-sticks": _preset(
        "a deletion is answered with success, and the object stays",
        "HNS error bestiary of Juniper's contrail-windows [O]",
        Effect(is_undone=True),
        _DELETE,
    ),
    "create-after-delete": _preset(
        "a creation right after a deletion fails once: `Unspecified error`",
        "hcsshim#95 [O]",
        Effect(hresult=0x80004005),
        _CREATE,
        follows=_DELETE,
    ),
    "service-restart": _preset(
        "HNS restarts during a call: what is not persistent is gone, and so are callbacks",
        "hns-behaviour.md section 7 [O]",
        Effect(hresult=0x800706BE, restarts=True),
        times=1,
    ),
    "localised-text": _preset(
        "refusals speak the language of the host, here German; `language` has others",
        "moby#38306, SDN#371, for-win#3893 [O]; the words of HCN's own codes are inferred",
        Effect(language="de"),
    ),
    "old-envelope": _preset(
        "answers have blanks around each token, as HNS printed before 1809",
        "SDN#238 [O]",
        Effect(is_spaced=True),
    ),
}
"""The presets by name."""

_OTHERS = {
    0x800706BE: ("RPC_S_CALL_FAILED", 503, "The remote procedure call failed."),
    0x80070034: (
        "ERROR_DUP_NAME",
        409,
        "You were not connected because a duplicate name exists on the network.",
    ),
}
"""Results that only faults have here. Source: winerror.h of Microsoft [D]."""

_LANGUAGES: Mapping[str, Mapping[int, str]] = {
    "de": {
        0x80070005: "Zugriff verweigert",
        0x80070032: "Die Anforderung wird nicht unterstützt.",
        0x80070057: "Falscher Parameter.",
        0x80070426: "Der Dienst wurde nicht gestartet.",
        0x80070490: "Element nicht gefunden.",
        0x800706BA: "Der RPC-Server ist nicht verfügbar.",  # codespell:ignore
        0x800706BE: "Der Remoteprozeduraufruf ist fehlgeschlagen.",  # codespell:ignore
        0x80071392: "Das Objekt ist bereits vorhanden.",  # codespell:ignore
        0x80004005: "Unbekannter Fehler",
        0x803B0001: "Das Netzwerk wurde nicht gefunden.",
        0x803B0002: "Der Endpunkt wurde nicht gefunden.",
    },
    "zh": {
        0x80070005: "拒绝访问。",
        0x80070032: "不支持该请求。",
        0x80070057: "参数错误。",
        0x80070426: "服务尚未启动。",
        0x80070490: "找不到元素。",
        0x800706BA: "RPC 服务器不可用。",
        0x800706BE: "远程过程调用失败。",
        0x80071392: "对象已存在。",
        0x80004005: "未指定的错误",
        0x803B0001: "找不到网络。",
        0x803B0002: "找不到终结点。",
    },
}
LANGUAGES = tuple(_LANGUAGES)
"""The languages of refusals besides English."""

_ANY_REFUSAL = {"de": "Der Vorgang ist fehlgeschlagen.", "zh": "操作失败。"}  # codespell:ignore
_FAILED = 500
_OF_WINDOWS = (
    re.compile(r"(?P<before>.*failed in Win32: )(?P<text>.*) \(0x(?P<number>[0-9a-f]{1,8})\)"),
    re.compile(r"(?P<before>.*HNS failed with error : )(?P<text>.*)", re.IGNORECASE | re.DOTALL),
)
"""The texts of dockerd that quote Windows: of a call that failed, and of what an answer says."""
_WIN32, _LARGEST_WIN32 = 0x8007_0000, 0xFFFF


def preset_named(name: str) -> Preset:
    """Return a preset.

    Raises: E_INVALIDARG.
    """
    if name not in PRESETS:
        raise HnsError(
            Hr.E_INVALIDARG, f"preset: {name!r} is unknown; there are {', '.join(sorted(PRESETS))}"
        )
    return PRESETS[name]


def result_of(hresult: int, text: str = "") -> Hr | OtherResult:
    """Return the result that a fault answers: a known one, or another with its code and `text`."""
    known = next((hr for hr in Hr if hr.hresult == hresult), None)
    if known is not None and not text:
        return known
    if known is not None:
        return OtherResult(known.name, hresult, known.status, text)
    name, status, words = _OTHERS.get(hresult, (f"{hresult:#010x}", _FAILED, "Unknown error"))
    return OtherResult(name, hresult, status, text or words)


def localised(language: str, hresult: int) -> str:
    """Return Windows' text of a result in a language."""
    return _LANGUAGES[language].get(hresult, _ANY_REFUSAL[language])


def localised_error(language: str, hresult: int) -> str:
    """Return the text as HNS ends it where it speaks English, too: a full stop and a blank."""
    return f"{localised(language, hresult).removesuffix('.')}. "


def localised_message(language: str, message: str) -> str:
    """Return what dockerd says of a refusal of HNS, with Windows' part of it in a language.

    Its own words stay English, and so does what it says without HNS (moby#38306 [O]).
    """
    for pattern in _OF_WINDOWS:
        found = pattern.fullmatch(message)
        if found is None:
            continue
        number = int(found["number"], 16) if "number" in pattern.groupindex else None
        text = localised_error(language, _hresult_of(found["text"], number))
        return f"{found['before']}{text}{message[found.end('text') :].lstrip()}"
    return message


def _hresult_of(text: str, number: int | None) -> int:
    """Return the HRESULT of a text or of its number, which is short for errors of Windows."""
    if number is not None:
        return number if number > _LARGEST_WIN32 else _WIN32 | number
    return next((hr.hresult for hr in Hr if hr.message.strip() == text.strip()), 0)


def with_preset(rule: FaultRule, name: str) -> FaultRule:
    """Return the rule of a preset with what a tester gives beside it."""
    preset = preset_named(name).rule
    own = {
        member: value
        for member in ("operation", "method", "path", "name", "client", "nth", "follows")
        if (value := getattr(rule.match, member)) is not None
    }
    return replace(
        rule,
        match=replace(preset.match, **own),
        effect=preset.effect,
        preset=name,
        times=preset.times if rule.times is None else rule.times,
    )
