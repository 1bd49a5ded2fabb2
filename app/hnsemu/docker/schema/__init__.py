"""Documents of Docker's API in and out, and the HNS 1 documents that the daemon sends."""
