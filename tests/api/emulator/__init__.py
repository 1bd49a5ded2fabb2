"""/emulator over HTTP."""
