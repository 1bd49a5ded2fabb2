"""/v2 over HTTP."""
