"""Policies in both dialects: flat in HNS 1, a type with settings in HCN 2.

Members that a translation does not know are carried over, so a policy comes back as it was sent.
Two spellings of one thing become one: VNET comes back as PA; a single port or protocol of an ACL as
a list of one.
Source: hns-behaviour.md section 4.3.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hnsemu.domain.facts import Policy
from hnsemu.domain.guid import ZERO
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.flat_policies import IN_LISTS, SAME, Flat, FlatForm

# HNS 1 type in capitals to HCN 2 type, where the names differ.
_TYPES = {
    name.upper(): kind
    for kind, form in IN_LISTS.items()
    for name in (form.name, *form.also)
    if name
}
_FORMS = {kind.upper(): form for kind, form in IN_LISTS.items()}

# What an Isolation policy of an endpoint says and a VLAN policy does not.
_OF_ISOLATION = {"VSID", "InDefaultIsolation"}
_NOTHING = (None, "", 0, False, ZERO)


def to_v2(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return a flat policy as an HCN 2 one, `{"Type": …, "Settings": …}`; {} stays {}.

    Raises: HCN_E_INVALID_POLICY_TYPE for a policy that is in HCN 2 form already.
    Source: hns-behaviour.md section 6.3 [O] for the refusal.
    """
    if "Settings" in flat:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE,
            "Policies: this is a policy of HCN 2 in a document of HNS 1; write its settings "
            'beside Type, or add "SchemaVersion": {"Major": 2, "Minor": 0} to the document',
        )
    settings = dict(flat)
    sent = settings.pop("Type", None)
    if sent is None:
        return {}
    if not isinstance(sent, str | int):
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE, "Policies: Type must be the name of a policy type"
        )
    kind = _TYPES.get(str(sent).upper(), sent)
    form = _FORMS.get(str(kind).upper(), SAME)
    for old, new in form.renamed:
        if old in settings:
            settings[new] = settings.pop(old)
    form.to_v2(settings)
    return {"Type": kind, "Settings": settings}


def to_v1(policy: Policy) -> Flat:
    """Return a policy in flat form, keys sorted as HNS prints them."""
    settings = members_of(policy)
    form = IN_LISTS.get(policy.type, SAME)
    kind = form.name or policy.type
    if policy.type == "VLAN" and settings.keys() & _OF_ISOLATION:
        kind = "Isolation"
    for old, new in form.renamed:
        if new in settings:
            settings[old] = settings.pop(new)
    form.to_v1(settings)
    return dict(sorted({**settings, "Type": kind}.items()))


def all_to_v2(flats: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return flat policies as HCN 2 ones."""
    return [to_v2(flat) for flat in flats or ()]


def all_to_v1(policies: Iterable[Policy]) -> list[Flat]:
    """Return policies in flat form."""
    return [to_v1(policy) for policy in policies]


def of_members(
    forms: Mapping[str, FlatForm], members: Mapping[str, object]
) -> list[dict[str, Any]]:
    """Return the HCN 2 policies that members of an HNS 1 object stand for.

    forms: by policy type. members: by name; those that say nothing (no value, zero, the zero GUID,
    as HNS itself prints where there is nothing) make no policy.
    """
    found = ((kind, _settings_of(form, members.get(form.member))) for kind, form in forms.items())
    return [
        {"Type": kind, "Settings": settings}
        for kind, settings in found
        if any(value not in _NOTHING for value in settings.values())
    ]


def member_of(forms: Mapping[str, FlatForm], policy: Policy) -> dict[str, object]:
    """Return the member that a policy is in HNS 1; {} for those that stand in the list."""
    form = forms.get(policy.type)
    if form is None:
        return {}
    settings = members_of(policy)
    if not form.setting:
        return {form.member: settings} if settings else {}
    return {form.member: settings[form.setting]} if settings.keys() == {form.setting} else {}


def _settings_of(form: FlatForm, value: object) -> Flat:
    if form.setting:
        return {form.setting: value}
    return dict(value) if isinstance(value, Mapping) else {}


def members_of(policy: Policy) -> Flat:
    """Return the settings of a policy."""
    settings: Flat = json.loads(policy.settings)
    return settings
