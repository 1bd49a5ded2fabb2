"""Find phrases that a reader stumbles over, and say what to write instead.

python -m tools.words

CONTRIBUTING.md has the word list for people; this one holds what a pattern can find. It looks at
every text that git knows: pages, comments, docstrings, messages.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# A space stands for any blanks, also over the end of a line of prose or of a comment.
INSTEAD = {
    r"anew": "again",
    r"against whom": "against what, or name the attacker",
    r"by half": "half",
    r"defends itself": "is defended",
    r"(?:has|have) not(?=[.,;:)|\"])": "does not have, is missing",
    r"mend(?:s|ed|ing)?": "fix, or: what to do",
    r"(?:name|address|id) that several have": "ambiguous name",
    r"pass(?:es|ed)? so": "pass",
    r"so few": "few",
    r"the default one without": "the default",
    r"tells? every": "print or log every",
    r"whoever": "anyone who, or name the caller",
}  # fmt: skip

_OURS = {"tools/words.py", "tests/tools/test_words.py", "CONTRIBUTING.md"}  # they name the phrases
_OF_OTHERS = ("tests/facts/", "tests/samples/", "tests/requests/", "LICENSE")
_TEXTS = {".py", ".md", ".c", ".h", ".go", ".ts", ".toml", ".yml", ".yaml", ".def", ".mako", ""}
_GAP = r"(?:\s|#|//|\*)+"


def found(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, phrase and what to write instead for every phrase of the list in a text."""
    for pattern, instead in INSTEAD.items():
        spaced = pattern.replace(" ", _GAP)
        for match in re.finditer(rf"\b{spaced}(?!\w)", text, re.IGNORECASE):
            phrase = re.sub(_GAP, " ", match[0])
            yield text.count("\n", 0, match.start()) + 1, phrase, instead


def texts() -> Iterator[Path]:
    """Yield the files of the project that people read."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        known = path.suffix in _TEXTS and name not in _OURS and not name.startswith(_OF_OTHERS)
        if known and path.is_file():
            yield path


def main() -> int:
    """Print what was found; return 1 when there is something."""
    findings = [
        f"{path.relative_to(ROOT)}:{line}: {phrase!r}: write {instead}"
        for path in texts()
        for line, phrase, instead in found(path.read_text(encoding="utf-8", errors="replace"))
    ]
    print("\n".join(findings), end="\n" if findings else "")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
