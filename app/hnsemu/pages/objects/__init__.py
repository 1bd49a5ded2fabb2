"""Lists of objects, and one object with its documents in HCN 2 and HNS 1."""

import json
from functools import partial

from fastapi import Response

from hnsemu.api.v2.rendering import document
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.journal import CallMatch
from hnsemu.domain.query import read_conditions
from hnsemu.pages.links import rule_anchor
from hnsemu.pages.objects.nouns import NAMESPACES, NOUNS, Noun, making, names_in, plain
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.host.journal import CallRecord, call_record
from hnsemu.schema.v1.dialect import render_v1
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery
from hnsemu.services import hosts, journal
from hnsemu.services.dataplane import compiled
from hnsemu.services.dataplane.compiled import Compilation

router = PageRouter(prefix="/ui")

_PAGE = 100
_HISTORY = 20  # calls
_MOST_REFERENCES = 8  # of an object in a list


def _show_list(visit: Visit, noun: Noun) -> Response:
    """The objects of a noun, in creation order, a page of them at a time."""
    wanted = read_conditions(visit.asks("q"))
    query = HostComputeQuery(filter=json.dumps(wanted)) if wanted else EVERYTHING
    after = parse_guid(visit.asks("after")) if visit.asks("after") else None
    found = noun.list(visit.hns, query, _PAGE + 1, after)
    names = names_in(visit.hns, noun, found[:_PAGE], _MOST_REFERENCES)
    return visit.shown(
        "objects/list.html",
        noun.title,
        document=f"/hosts/{visit.hns.host_name}/v2/{noun.word}",
        noun=noun,
        rows=[noun.row(shown, names) for shown in found[:_PAGE]],
        last=found[_PAGE - 1]["ID"] if len(found) > _PAGE else "",
        makes=making(noun, visit.options),
        most=_MOST_REFERENCES,
    )


def _show_object(visit: Visit, noun: Noun) -> Response:
    """One object: what it is in a few words, and its documents."""
    fact = noun.get(visit.hns, parse_guid(visit.request.path_params["id"]))
    release = hosts.release_of_host(visit.hns)
    shown = document(fact, release)
    read = plain(shown)
    row = noun.row(read, names_in(visit.hns, noun, [read]))
    return visit.shown(
        "objects/object.html",
        row.name or f"{noun.one} {fact.id[:8]}",
        document=f"/hosts/{visit.hns.host_name}/v2/{noun.word}/{fact.id}",
        noun=noun,
        row=row,
        compiled=_compiled(visit, noun, fact.id),
        anchor=rule_anchor,
        history=_history(visit, fact.id),
        hcn=shown,
        hns=render_v1(fact, release, visit.settings.guid_case, detailed=True),
    )


def _history(visit: Visit, object_id: str) -> list[CallRecord] | None:
    """Return the newest calls that name the object and may change something, newest first.

    None where the journal is off.
    """
    state, calls = journal.find_calls(visit.hns, CallMatch(text=object_id))
    if not state.is_on:
        return None
    changing = [call for call in calls if call.method not in {"GET", "HEAD"}]
    return [call_record(call) for call in reversed(changing[-_HISTORY:])]


def _compiled(visit: Visit, noun: Noun, object_id: str) -> Compilation:
    use_case = _COMPILED.get(noun.word, compiled.policies_of_list)
    if noun is NAMESPACES:
        return Compilation(())
    return use_case(visit.hns, object_id)


_COMPILED = {
    "endpoints": compiled.policies_of_endpoint,
    "networks": compiled.policies_of_network,
}

for _noun in NOUNS.values():
    router.page(f"/{_noun.word}")(partial(_show_list, noun=_noun))
    router.page(f"/{_noun.word}/{{id}}", reads_journal=True)(partial(_show_object, noun=_noun))
