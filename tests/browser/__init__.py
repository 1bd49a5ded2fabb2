"""Pages in a real browser (`make check-heavy`); needs Chromium."""
