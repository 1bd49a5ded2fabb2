/* iphlpapi.dll: the network compartment that a thread is in. What this DLL does not answer itself is Wine's
   own, of which the prefix has a copy under another name.

   Source: netioapi.h; a thread begins in the compartment of its session, which is the default one. */
#include <stdbool.h>

#include "compartments.h"

#define DEFAULT_COMPARTMENT 1

typedef ULONG NET_IF_COMPARTMENT_SCOPE;

DWORD WINAPI SetCurrentThreadCompartmentId(NET_IF_COMPARTMENT_ID CompartmentId);
void WINAPI GetCurrentThreadCompartmentScope(NET_IF_COMPARTMENT_SCOPE *Scope, NET_IF_COMPARTMENT_ID *Id);
DWORD WINAPI SetCurrentThreadCompartmentScope(NET_IF_COMPARTMENT_SCOPE Scope);
NET_IF_COMPARTMENT_ID WINAPI GetSessionCompartmentId(ULONG SessionId);
NET_IF_COMPARTMENT_ID WINAPI GetDefaultCompartmentId(void);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved);

static DWORD compartment = TLS_OUT_OF_INDEXES, scope = TLS_OUT_OF_INDEXES;

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)self;
    if (reason == DLL_PROCESS_ATTACH) {
        compartment = TlsAlloc();
        scope = TlsAlloc();
        return compartment != TLS_OUT_OF_INDEXES && scope != TLS_OUT_OF_INDEXES;
    }
    if (reason == DLL_PROCESS_DETACH && reserved == NULL) {
        TlsFree(compartment);
        TlsFree(scope);
    }
    return TRUE;
}

static ULONG read_slot(DWORD slot)
{
    DWORD before = GetLastError(); /* TlsGetValue clears it */
    ULONG value = (ULONG)(ULONG_PTR)TlsGetValue(slot);
    SetLastError(before);
    return value;
}

static DWORD write_slot(DWORD slot, ULONG value)
{
    return TlsSetValue(slot, (LPVOID)(ULONG_PTR)value) ? NO_ERROR : GetLastError();
}

NET_IF_COMPARTMENT_ID WINAPI GetCurrentThreadCompartmentId(void)
{
    NET_IF_COMPARTMENT_ID id = read_slot(compartment);
    return id == 0 ? DEFAULT_COMPARTMENT : id;
}

/* Move the thread; 0 moves it back to the compartment of its session. */
DWORD WINAPI SetCurrentThreadCompartmentId(NET_IF_COMPARTMENT_ID CompartmentId)
{
    return write_slot(compartment, CompartmentId);
}

void WINAPI GetCurrentThreadCompartmentScope(NET_IF_COMPARTMENT_SCOPE *Scope, NET_IF_COMPARTMENT_ID *Id)
{
    if (Scope != NULL)
        *Scope = read_slot(scope);
    if (Id != NULL)
        *Id = GetCurrentThreadCompartmentId();
}

DWORD WINAPI SetCurrentThreadCompartmentScope(NET_IF_COMPARTMENT_SCOPE Scope)
{
    return write_slot(scope, Scope);
}

NET_IF_COMPARTMENT_ID WINAPI GetSessionCompartmentId(ULONG SessionId)
{
    (void)SessionId;
    return DEFAULT_COMPARTMENT;
}

NET_IF_COMPARTMENT_ID WINAPI GetDefaultCompartmentId(void)
{
    return DEFAULT_COMPARTMENT;
}
