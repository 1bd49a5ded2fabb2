"""Docker's daemon on the emulated host: a client of HNS, and a package of its own.

Its layers are those of hnsemu: api → services → schema, storage → domain → errors. It drives the
services of HNS with the documents that the daemon of Docker sends; they do not know it.
"""
