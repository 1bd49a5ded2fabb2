"""Generate clients of the OpenAPI document, compile them, and drive a live service with each.

python -m tools.sdk [CLIENT ...]

The generated code is in build/sdk/CLIENT. The last line is `N passed, M failed`; the exit code is
0 when none failed.
"""
