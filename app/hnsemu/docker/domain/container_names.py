"""Names for containers that were given none: an adjective and something of networks."""

from hnsemu.domain.source import Source

_ADJECTIVES = (
    "amber", "brisk", "calm", "clever", "crisp", "deep", "eager", "fair", "firm", "fresh", "gentle",
    "golden", "grand", "happy", "keen", "kind", "light", "lively", "lucky", "mild", "modest",
    "neat", "noble", "patient", "plain", "proud", "quick", "quiet", "rapid", "silent", "steady",
    "sunny", "tidy", "warm", "wise", "witty",
)  # fmt: skip
_NOUNS = (
    "adapter", "anchor", "antenna", "bridge", "cable", "channel", "circuit", "gateway", "harbour",
    "hub", "lantern", "link", "mast", "node", "packet", "port", "rack", "relay", "ring", "router",
    "signal", "socket", "spool", "station", "switch", "tower", "trunk", "tunnel", "uplink", "wire",
)  # fmt: skip


def random_name(source: Source) -> str:
    """Return a name such as brisk_relay."""
    adjective = _ADJECTIVES[source.below(len(_ADJECTIVES))]
    return f"{adjective}_{_NOUNS[source.below(len(_NOUNS))]}"
