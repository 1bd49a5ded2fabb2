/* Load balancers: the functions of computenetwork.dll. */
#include <windows.h>

#include <computenetwork.h>

#include "objects.h"

HRESULT WINAPI HcnEnumerateLoadBalancers(PCWSTR Query, PWSTR *LoadBalancers, PWSTR *ErrorRecord)
{
    return object_enumerate(&LOAD_BALANCERS, Query, LoadBalancers, ErrorRecord);
}

HRESULT WINAPI HcnCreateLoadBalancer(REFGUID Id, PCWSTR Settings, PHCN_LOADBALANCER LoadBalancer,
                                 PWSTR *ErrorRecord)
{
    return object_create(&LOAD_BALANCERS, NULL, Id, Settings, LoadBalancer, ErrorRecord);
}

HRESULT WINAPI HcnOpenLoadBalancer(REFGUID Id, PHCN_LOADBALANCER LoadBalancer, PWSTR *ErrorRecord)
{
    return object_open(&LOAD_BALANCERS, Id, LoadBalancer, ErrorRecord);
}

HRESULT WINAPI HcnModifyLoadBalancer(HCN_LOADBALANCER LoadBalancer, PCWSTR Settings, PWSTR *ErrorRecord)
{
    return object_modify(&LOAD_BALANCERS, LoadBalancer, Settings, ErrorRecord);
}

HRESULT WINAPI HcnQueryLoadBalancerProperties(HCN_LOADBALANCER LoadBalancer, PCWSTR Query, PWSTR *Properties,
                                       PWSTR *ErrorRecord)
{
    return object_query(&LOAD_BALANCERS, LoadBalancer, "", Query, Properties, ErrorRecord);
}

HRESULT WINAPI HcnDeleteLoadBalancer(REFGUID Id, PWSTR *ErrorRecord)
{
    return object_delete(&LOAD_BALANCERS, Id, ErrorRecord);
}

HRESULT WINAPI HcnCloseLoadBalancer(HCN_LOADBALANCER LoadBalancer)
{
    return object_close(&LOAD_BALANCERS, LoadBalancer);
}
