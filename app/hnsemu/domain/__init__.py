"""The emulated Windows: pure decisions on values; no HTTP, no SQL, no clock, no randomness."""
