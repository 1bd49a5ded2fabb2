"""The digest of a page, which stays while what it shows does, however old that is.

It is made in short steps: one step over a page of megabytes would hold up other requests.
"""

import hashlib
import re
from collections.abc import Iterator

_PIECE = 64 * 1024  # characters
_NOW = '<body data-tag="" data-now="'
_TIME = '<time datetime="'
_EXACT = re.compile(r'[^"]*" title="[^"]*">')


def digest_of(*texts: str) -> str:
    """Return the digest of texts."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        for start in range(0, len(text), _PIECE):
            digest.update(text[start : start + _PIECE].encode())
    return digest.hexdigest()


def digest_of_page(content: str) -> str:
    """Return the digest of a page without what the browser keeps up to date: now, and ages."""
    return digest_of(*_lasting(content))


def _lasting(content: str) -> Iterator[str]:
    head, *others = content.split(_TIME)
    before, _, after = head.partition(_NOW)
    yield before
    yield after.partition('"')[2]
    for other in others:
        exact = _EXACT.match(other)
        if exact is None:
            yield other
            continue
        yield exact[0]
        yield other[exact.end() :].partition("<")[2]
