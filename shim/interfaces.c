/* iphlpapi.dll: functions that change interfaces, addresses, routes and neighbours, which Wine 8 lacks.

   They would change the Linux machine, and the adapters of the emulated host are not its. They refuse:
   a Go program ends in a panic where a function is missing, and handles an error. */
#include <string.h>

#include <winsock2.h>
#include <ws2ipdef.h>

#include <windows.h>

#include <iphlpapi.h>

#define INFINITE_LIFETIME 0xFFFFFFFFu

DWORD WINAPI not_supported(void);
void WINAPI initialize_address(MIB_UNICASTIPADDRESS_ROW *row);
void WINAPI initialize_route(MIB_IPFORWARD_ROW2 *row);
void WINAPI initialize_interface(MIB_IPINTERFACE_ROW *row);

/* Exported under every name of iphlpapi.def that is set equal to it; it looks at no argument. */
DWORD WINAPI not_supported(void)
{
    return ERROR_NOT_SUPPORTED;
}

void WINAPI initialize_address(MIB_UNICASTIPADDRESS_ROW *row)
{
    memset(row, 0, sizeof *row);
    row->ValidLifetime = INFINITE_LIFETIME;
    row->PreferredLifetime = INFINITE_LIFETIME;
}

void WINAPI initialize_route(MIB_IPFORWARD_ROW2 *row)
{
    memset(row, 0, sizeof *row);
    row->ValidLifetime = INFINITE_LIFETIME;
    row->PreferredLifetime = INFINITE_LIFETIME;
}

void WINAPI initialize_interface(MIB_IPINTERFACE_ROW *row)
{
    memset(row, 0, sizeof *row);
}
