/* Guest network services: the functions of computenetwork.dll; their ports are in ports.c. */
#include <windows.h>

#include <computenetwork.h>

#include "objects.h"

HRESULT WINAPI HcnCreateGuestNetworkService(REFGUID Id, PCWSTR Settings,
                                            PHCN_GUESTNETWORKSERVICE GuestNetworkService,
                                            PWSTR *ErrorRecord)
{
    return object_create(&GUEST_NETWORK_SERVICES, NULL, Id, Settings, GuestNetworkService,
                         ErrorRecord);
}

HRESULT WINAPI HcnModifyGuestNetworkService(HCN_GUESTNETWORKSERVICE GuestNetworkService,
                                            PCWSTR Settings, PWSTR *ErrorRecord)
{
    return object_modify(&GUEST_NETWORK_SERVICES, GuestNetworkService, Settings, ErrorRecord);
}

HRESULT WINAPI HcnDeleteGuestNetworkService(REFGUID Id, PWSTR *ErrorRecord)
{
    return object_delete(&GUEST_NETWORK_SERVICES, Id, ErrorRecord);
}

HRESULT WINAPI HcnCloseGuestNetworkService(HCN_GUESTNETWORKSERVICE GuestNetworkService)
{
    return object_close(&GUEST_NETWORK_SERVICES, GuestNetworkService);
}
