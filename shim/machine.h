/* Which Windows this is. */
#ifndef SHIM_MACHINE_H
#define SHIM_MACHINE_H

#include "buffer.h"

/* Append the members of the machine: build, revision, edition, product, versions of the DLLs. No name of the
   machine, no user, no serial number. */
void machine_describe(struct buffer *out);

#endif
