"""Names as text: what a terminal or a log would obey instead of showing it."""


def visible(text: str) -> str:
    r"""Return the text with everything that does not print as its escape: `\n`, `\x1b`, `\u202e`.

    Names may hold control characters, as on Windows. Printed raw, they would move the cursor, hide
    text, or begin a line of their own.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def one_line(text: str) -> str:
    """Return a message of several lines as one line."""
    return " ".join(text.split())
