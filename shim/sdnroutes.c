/* SDN routes: the functions of computenetwork.dll. */
#include <windows.h>

#include <computenetwork.h>

#include "objects.h"

/* Not in the public header; the signatures are those that hcsshim calls. */
typedef void *HCN_SDNROUTE;
typedef HCN_SDNROUTE *PHCN_SDNROUTE;
HRESULT WINAPI HcnEnumerateSdnRoutes(PCWSTR Query, PWSTR *SdnRoutes, PWSTR *ErrorRecord);
HRESULT WINAPI HcnCreateSdnRoute(REFGUID Id, PCWSTR Settings, PHCN_SDNROUTE SdnRoute,
                                 PWSTR *ErrorRecord);
HRESULT WINAPI HcnOpenSdnRoute(REFGUID Id, PHCN_SDNROUTE SdnRoute, PWSTR *ErrorRecord);
HRESULT WINAPI HcnModifySdnRoute(HCN_SDNROUTE SdnRoute, PCWSTR Settings, PWSTR *ErrorRecord);
HRESULT WINAPI HcnQuerySdnRouteProperties(HCN_SDNROUTE SdnRoute, PCWSTR Query, PWSTR *Properties,
                                          PWSTR *ErrorRecord);
HRESULT WINAPI HcnDeleteSdnRoute(REFGUID Id, PWSTR *ErrorRecord);
HRESULT WINAPI HcnCloseSdnRoute(HCN_SDNROUTE SdnRoute);

HRESULT WINAPI HcnEnumerateSdnRoutes(PCWSTR Query, PWSTR *SdnRoutes, PWSTR *ErrorRecord)
{
    return object_enumerate(&SDN_ROUTES, Query, SdnRoutes, ErrorRecord);
}

HRESULT WINAPI HcnCreateSdnRoute(REFGUID Id, PCWSTR Settings, PHCN_SDNROUTE SdnRoute,
                                 PWSTR *ErrorRecord)
{
    return object_create(&SDN_ROUTES, NULL, Id, Settings, SdnRoute, ErrorRecord);
}

HRESULT WINAPI HcnOpenSdnRoute(REFGUID Id, PHCN_SDNROUTE SdnRoute, PWSTR *ErrorRecord)
{
    return object_open(&SDN_ROUTES, Id, SdnRoute, ErrorRecord);
}

HRESULT WINAPI HcnModifySdnRoute(HCN_SDNROUTE SdnRoute, PCWSTR Settings, PWSTR *ErrorRecord)
{
    return object_modify(&SDN_ROUTES, SdnRoute, Settings, ErrorRecord);
}

HRESULT WINAPI HcnQuerySdnRouteProperties(HCN_SDNROUTE SdnRoute, PCWSTR Query, PWSTR *Properties,
                                       PWSTR *ErrorRecord)
{
    return object_query(&SDN_ROUTES, SdnRoute, "", Query, Properties, ErrorRecord);
}

HRESULT WINAPI HcnDeleteSdnRoute(REFGUID Id, PWSTR *ErrorRecord)
{
    return object_delete(&SDN_ROUTES, Id, ErrorRecord);
}

HRESULT WINAPI HcnCloseSdnRoute(HCN_SDNROUTE SdnRoute)
{
    return object_close(&SDN_ROUTES, SdnRoute);
}
