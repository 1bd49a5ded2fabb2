/* Go 1.26 asks each UDP socket for SIO_UDP_NETRESET FALSE: no error when a datagram's lifetime ran out on
   its way. Wine 8 does not know it and answers WSAEOPNOTSUPP, upon which no Go program could listen on UDP.
   Its sockets never report that error, so FALSE is what they do; TRUE stays refused. */
#include <stdbool.h>

#include <winsock2.h>

#include "exports.h"
#include "goprograms.h"

#define NET_RESET _WSAIOW(IOC_VENDOR, 15)

typedef int(WSAAPI *ioctl_function)(SOCKET, DWORD, LPVOID, DWORD, LPVOID, DWORD, LPDWORD, LPWSAOVERLAPPED,
                                    LPWSAOVERLAPPED_COMPLETION_ROUTINE);

static any_function original;

static int WSAAPI control(SOCKET socket, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                          LPDWORD returned, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    int result = ((ioctl_function)original)(socket, code, in, in_size, out, out_size, returned, overlapped, routine);
    bool is_what_they_do = result == SOCKET_ERROR && WSAGetLastError() == WSAEOPNOTSUPP && code == NET_RESET
                           && in_size >= sizeof(BOOL) && *(const BOOL *)in == FALSE && overlapped == NULL;
    if (!is_what_they_do)
        return result;
    if (returned != NULL)
        *returned = 0;
    WSASetLastError(NO_ERROR);
    return 0;
}

void datagrams_install(void)
{
    exports_replace(GetModuleHandleW(L"ws2_32.dll"), "WSAIoctl", (any_function)control, &original);
}
