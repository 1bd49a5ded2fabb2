"""The DLLs that Windows programs call, once `make shim` has built them; see `hnsemu.wine`."""
