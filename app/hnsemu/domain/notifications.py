"""What HNS tells those who registered a callback: the kinds, and which handle hears which.

Source: HCN_NOTIFICATIONS of Microsoft's HCN reference [D]: names, numbers and handles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class HcnNotification(IntEnum):
    """HCN_NOTIFICATIONS; from 9 on the published numbers go to 0x10, not to 10."""

    NETWORK_PRE_CREATE = 0x01
    NETWORK_CREATE = 0x02
    NETWORK_PRE_DELETE = 0x03
    NETWORK_DELETE = 0x04
    NAMESPACE_CREATE = 0x05
    NAMESPACE_DELETE = 0x06
    GUEST_NETWORK_SERVICE_CREATE = 0x07
    GUEST_NETWORK_SERVICE_DELETE = 0x08
    NETWORK_ENDPOINT_ATTACHED = 0x09
    NETWORK_ENDPOINT_DETACHED = 0x10
    GUEST_NETWORK_SERVICE_STATE_CHANGED = 0x11
    GUEST_NETWORK_SERVICE_INTERFACE_STATE_CHANGED = 0x12
    SERVICE_DISCONNECT = 0x0100_0000

    @property
    def text(self) -> str:
        """Return the name without its prefix, e.g. NetworkPreCreate."""
        return "".join(word.capitalize() for word in self.name.split("_"))


class Handle(StrEnum):
    """What a callback is registered on; the values are the nouns of the paths."""

    SERVICE = "service"
    NETWORK = "networks"
    GUEST_NETWORK_SERVICE = "guestnetworkservices"


_OF_OBJECTS = {
    HcnNotification.NETWORK_ENDPOINT_ATTACHED: Handle.NETWORK,
    HcnNotification.NETWORK_ENDPOINT_DETACHED: Handle.NETWORK,
    HcnNotification.GUEST_NETWORK_SERVICE_STATE_CHANGED: Handle.GUEST_NETWORK_SERVICE,
    HcnNotification.GUEST_NETWORK_SERVICE_INTERFACE_STATE_CHANGED: Handle.GUEST_NETWORK_SERVICE,
}


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing that happened. NotificationStatus is always S_OK: it is reserved [D].

    object_id: of the object that it is about; "" for the service as a whole.
    heard_on:  id of the network or guest network service on whose handles it is heard; "" when
               that is the service's.
    data:      further members of the NotificationBase document.
    """

    kind: HcnNotification
    object_id: str = ""
    heard_on: str = ""
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Return where it is heard, as `subject` names it."""
        return subject(_OF_OBJECTS.get(self.kind, Handle.SERVICE), self.heard_on)

    @property
    def members(self) -> dict[str, object]:
        """Return NotificationData; what is empty or zero is left out."""
        shown = {"ID": self.object_id, **self.data}
        return {name: value for name, value in shown.items() if value}


@dataclass(frozen=True, slots=True)
class StoredNotification:
    """A stored notification.

    number: counts upwards on each host in the order of the commits, with holes.
    data:   NotificationData as JSON text.
    """

    number: int
    kind: HcnNotification
    data: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reader of notifications stands: all up to `number` were read.

    host_key, object_key: what is watched; an object created again under the same id is a
    different one.
    checked: up to this number nothing tells that the object was deleted.
    """

    host_key: int
    number: int
    handle: Handle = Handle.SERVICE
    object_id: str = ""
    object_key: int = 0
    checked: int = 0

    @property
    def subject(self) -> str:
        """Return what the reader hears, besides what all hear."""
        return subject(self.handle, self.object_id)


@dataclass(frozen=True, slots=True)
class Page:
    """The next notifications of a reader and where it stands then.

    has_more: more of them may be read at once.
    end:      why nothing will follow, "" while something may.
    """

    notifications: tuple[StoredNotification, ...]
    position: Position
    has_more: bool = False
    end: str = ""


def subject(handle: Handle, object_id: str) -> str:
    """Return the name of what is heard on a handle; "" for the service's."""
    return "" if handle is Handle.SERVICE else f"{handle}/{object_id}"


def lowest_number(oldest: int | None, last: int) -> int:
    """Return the lowest number from which reading on misses nothing.

    oldest: number of the oldest notification kept, None when none is.
    last:   the number given last.
    """
    return last if oldest is None else oldest - 1
