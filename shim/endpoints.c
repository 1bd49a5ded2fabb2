/* Endpoints: the functions of computenetwork.dll. */
#include <windows.h>

#include <computenetwork.h>

#include "objects.h"

HRESULT WINAPI HcnEnumerateEndpoints(PCWSTR Query, PWSTR *Endpoints, PWSTR *ErrorRecord)
{
    return object_enumerate(&ENDPOINTS, Query, Endpoints, ErrorRecord);
}

HRESULT WINAPI HcnCreateEndpoint(HCN_NETWORK Network, REFGUID Id, PCWSTR Settings,
                                 PHCN_ENDPOINT Endpoint, PWSTR *ErrorRecord)
{
    char network[GUID_TEXT_SIZE];
    if (!handle_find(KIND_NETWORK, Network, network)) {
        if (Endpoint != NULL)
            *Endpoint = NULL;
        if (ErrorRecord != NULL)
            *ErrorRecord = NULL;
        return E_HANDLE;
    }
    struct buffer parent = BUFFER_EMPTY;
    object_append_path(&parent, &NETWORKS, network);
    buffer_append_text(&parent, "/endpoints");
    HRESULT result = parent.failed ? E_OUTOFMEMORY
                                   : object_create(&ENDPOINTS, parent.bytes, Id, Settings, Endpoint,
                                                   ErrorRecord);
    buffer_free(&parent);
    return result;
}

HRESULT WINAPI HcnOpenEndpoint(REFGUID Id, PHCN_ENDPOINT Endpoint, PWSTR *ErrorRecord)
{
    return object_open(&ENDPOINTS, Id, Endpoint, ErrorRecord);
}

HRESULT WINAPI HcnModifyEndpoint(HCN_ENDPOINT Endpoint, PCWSTR Settings, PWSTR *ErrorRecord)
{
    return object_modify(&ENDPOINTS, Endpoint, Settings, ErrorRecord);
}

HRESULT WINAPI HcnQueryEndpointProperties(HCN_ENDPOINT Endpoint, PCWSTR Query, PWSTR *Properties,
                                       PWSTR *ErrorRecord)
{
    return object_query(&ENDPOINTS, Endpoint, "", Query, Properties, ErrorRecord);
}

HRESULT WINAPI HcnDeleteEndpoint(REFGUID Id, PWSTR *ErrorRecord)
{
    return object_delete(&ENDPOINTS, Id, ErrorRecord);
}

HRESULT WINAPI HcnCloseEndpoint(HCN_ENDPOINT Endpoint)
{
    return object_close(&ENDPOINTS, Endpoint);
}
