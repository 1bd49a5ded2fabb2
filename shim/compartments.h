/* The network compartment that a thread is in. */
#ifndef SHIM_COMPARTMENTS_H
#define SHIM_COMPARTMENTS_H

#include <windows.h>

#include <ifdef.h>

NET_IF_COMPARTMENT_ID WINAPI GetCurrentThreadCompartmentId(void);

#endif
