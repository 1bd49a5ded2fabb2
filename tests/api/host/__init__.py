"""/host over HTTP."""
