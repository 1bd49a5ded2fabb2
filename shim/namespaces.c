/* Namespaces: the functions of computenetwork.dll. */
#include <windows.h>

#include <computenetwork.h>

#include "objects.h"

HRESULT WINAPI HcnEnumerateNamespaces(PCWSTR Query, PWSTR *Namespaces, PWSTR *ErrorRecord)
{
    return object_enumerate(&NAMESPACES, Query, Namespaces, ErrorRecord);
}

HRESULT WINAPI HcnCreateNamespace(REFGUID Id, PCWSTR Settings, PHCN_NAMESPACE Namespace,
                                 PWSTR *ErrorRecord)
{
    return object_create(&NAMESPACES, NULL, Id, Settings, Namespace, ErrorRecord);
}

HRESULT WINAPI HcnOpenNamespace(REFGUID Id, PHCN_NAMESPACE Namespace, PWSTR *ErrorRecord)
{
    return object_open(&NAMESPACES, Id, Namespace, ErrorRecord);
}

HRESULT WINAPI HcnModifyNamespace(HCN_NAMESPACE Namespace, PCWSTR Settings, PWSTR *ErrorRecord)
{
    return object_modify(&NAMESPACES, Namespace, Settings, ErrorRecord);
}

HRESULT WINAPI HcnQueryNamespaceProperties(HCN_NAMESPACE Namespace, PCWSTR Query, PWSTR *Properties,
                                       PWSTR *ErrorRecord)
{
    return object_query(&NAMESPACES, Namespace, "", Query, Properties, ErrorRecord);
}

HRESULT WINAPI HcnDeleteNamespace(REFGUID Id, PWSTR *ErrorRecord)
{
    return object_delete(&NAMESPACES, Id, ErrorRecord);
}

HRESULT WINAPI HcnCloseNamespace(HCN_NAMESPACE Namespace)
{
    return object_close(&NAMESPACES, Namespace);
}
