/* Networks: the functions of computenetwork.dll. */
#include <windows.h>

#include <computenetwork.h>

#include "objects.h"

HRESULT WINAPI HcnEnumerateNetworks(PCWSTR Query, PWSTR *Networks, PWSTR *ErrorRecord)
{
    return object_enumerate(&NETWORKS, Query, Networks, ErrorRecord);
}

HRESULT WINAPI HcnCreateNetwork(REFGUID Id, PCWSTR Settings, PHCN_NETWORK Network,
                                 PWSTR *ErrorRecord)
{
    return object_create(&NETWORKS, NULL, Id, Settings, Network, ErrorRecord);
}

HRESULT WINAPI HcnOpenNetwork(REFGUID Id, PHCN_NETWORK Network, PWSTR *ErrorRecord)
{
    return object_open(&NETWORKS, Id, Network, ErrorRecord);
}

HRESULT WINAPI HcnModifyNetwork(HCN_NETWORK Network, PCWSTR Settings, PWSTR *ErrorRecord)
{
    return object_modify(&NETWORKS, Network, Settings, ErrorRecord);
}

HRESULT WINAPI HcnQueryNetworkProperties(HCN_NETWORK Network, PCWSTR Query, PWSTR *Properties,
                                       PWSTR *ErrorRecord)
{
    return object_query(&NETWORKS, Network, "", Query, Properties, ErrorRecord);
}

HRESULT WINAPI HcnDeleteNetwork(REFGUID Id, PWSTR *ErrorRecord)
{
    return object_delete(&NETWORKS, Id, ErrorRecord);
}

HRESULT WINAPI HcnCloseNetwork(HCN_NETWORK Network)
{
    return object_close(&NETWORKS, Network);
}
