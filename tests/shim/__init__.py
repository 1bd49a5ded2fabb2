"""The DLLs for Windows programs: run by `make test-shim`, as they need mingw-w64 and Wine."""
