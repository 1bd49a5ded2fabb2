/* What the functions of HCS have in common. */
#ifndef SHIM_HCS_H
#define SHIM_HCS_H

#include <windows.h>

/* Source: HCSHResult.md. */
#define HCS_E_OPERATION_PENDING ((HRESULT)0xC0370103)
#define HCS_E_INVALID_STATE ((HRESULT)0xC0370105)
#define HCS_E_INVALID_JSON ((HRESULT)0xC037010D)
#define HCS_E_SYSTEM_NOT_FOUND ((HRESULT)0xC037010E)
#define HCS_E_SYSTEM_ALREADY_EXISTS ((HRESULT)0xC037010F)
#define HCS_E_SYSTEM_ALREADY_STOPPED ((HRESULT)0xC0370110)

/* The exit codes that Windows gives to programs which are told to stop, and to those that are not asked. */
#define STOPPED_BY_CONTROL 0xC000013Au
#define TERMINATED_BY_DEBUGGER 0x40010004u

#define HcsNotificationSystemExited 0x00000001u
#define HcsNotificationProcessExited 0x00010000u

typedef void(CALLBACK *HCS_NOTIFICATION_CALLBACK)(DWORD Type, void *Context, HRESULT Status, PCWSTR Data);

#endif
