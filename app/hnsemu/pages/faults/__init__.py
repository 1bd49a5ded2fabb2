"""Faults of the host: which act, how often they did, and those that were seen on real hosts."""

from fastapi import Response

from hnsemu.domain.digits import number_in
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.base import parse
from hnsemu.schema.host.faults import FaultDocument, fault_record, preset_records
from hnsemu.services import faults

router = PageRouter(prefix="/ui")


@router.page("/faults", methods=("GET", "POST"))
def show_faults(visit: Visit) -> Response:
    """The faults that act, and the presets; a form adds one, removes one or all."""
    if visit.request.method == "POST":
        return _changed(visit)
    records = [fault_record(fault) for fault in faults.list_faults(visit.hns)]
    return visit.shown(
        "faults/list.html",
        "Faults",
        document=f"/emulator/hosts/{visit.hns.host_name}/faults",
        faults=[
            (record, record.match.model_dump(exclude_none=True, by_alias=True),
             record.then.model_dump(exclude_defaults=True, by_alias=True))
            for record in records
        ],
        presets=preset_records(),
    )  # fmt: skip


def _changed(visit: Visit) -> Response:
    """Do what a form asks for.

    Raises: E_INVALIDARG, E_ELEMENT_NOT_FOUND.
    """
    form = visit.form()
    action, fault = form.get("action", ""), form.get("fault", "")
    if action == "add":
        document: dict[str, object] = {"preset": form.get("preset", "")}
        if form.get("times"):
            times = number_in(form["times"])
            document["times"] = form["times"] if times is None else times
        faults.add_fault(visit.hns, parse(FaultDocument, document, strict=True).to_domain())
    elif action == "remove" and (number := number_in(fault)) is not None:
        faults.remove_fault(visit.hns, number)
    elif action == "clear":
        faults.clear_faults(visit.hns)
    else:
        raise HnsError(Hr.E_INVALIDARG, f"action {action!r} is unknown; use add, remove or clear")
    return visit.elsewhere("/faults")
