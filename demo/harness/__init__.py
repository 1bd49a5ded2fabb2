"""What tests with hnsemu show: one scene a file, each with a `play(url, show)`.

url: of the service. show: called with (what was done, what came of it).
A scene whose outcome is another than it shows raises AssertionError.
"""

from demo.harness import imported, retried, verified

SCENES = (verified, retried, imported)
