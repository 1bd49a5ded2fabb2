"""The harness for tests: hosts without pytest, the plugin, `hnsemu wrap`."""
