"""The text of files that people bring: UTF-8, and what Windows PowerShell writes."""

from hnsemu.errors import HnsError, Hr

_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16
_NEITHER = "the file is neither UTF-8 nor UTF-16; write it with Out-File -Encoding utf8"


def decoded(content: bytes) -> str:
    """Return the text of a file; Windows PowerShell writes UTF-16, mostly behind a mark.

    Raises: HCN_E_INVALID_JSON.
    """
    try:
        if content[:2] in _MARKS:
            return content.decode("utf-16")
        if content[1:2] == b"\0":
            return content.decode("utf-16-le")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HnsError(Hr.HCN_E_INVALID_JSON, _NEITHER) from error
