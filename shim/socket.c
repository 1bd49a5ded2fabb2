#include "socket.h"

#include <stdlib.h>
#include <string.h>

#include <ws2tcpip.h>

#define PIECE 16384

static INIT_ONCE started = INIT_ONCE_STATIC_INIT;

static BOOL CALLBACK start_winsock(INIT_ONCE *once, void *parameter, void **context)
{
    (void)once, (void)parameter, (void)context;
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data) == 0;
}

/* Finish connecting within the time that is left; the socket does not block meanwhile. */
static bool finish_connecting(SOCKET socket, unsigned long milliseconds)
{
    WSAPOLLFD waited = {.fd = socket, .events = POLLWRNORM};
    int error = 0, size = sizeof error;
    return WSAPoll(&waited, 1, (int)milliseconds) == 1 &&
           getsockopt(socket, SOL_SOCKET, SO_ERROR, (char *)&error, &size) == 0 && error == 0;
}

static SOCKET connect_to(const struct addrinfo *address, unsigned long milliseconds)
{
    SOCKET made = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (made == INVALID_SOCKET)
        return INVALID_SOCKET;
    u_long nonblocking = 1, blocking = 0;
    int now = 1;
    ioctlsocket(made, (long)FIONBIO, &nonblocking);
    bool connected = connect(made, address->ai_addr, (int)address->ai_addrlen) == 0 ||
                     (WSAGetLastError() == WSAEWOULDBLOCK && finish_connecting(made, milliseconds));
    if (!connected) {
        closesocket(made);
        return INVALID_SOCKET;
    }
    ioctlsocket(made, (long)FIONBIO, &blocking);
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, (const char *)&now, sizeof now);
    return made;
}

SOCKET socket_connect(const struct url *url, unsigned long milliseconds)
{
    if (!InitOnceExecuteOnce(&started, start_winsock, NULL, NULL))
        return INVALID_SOCKET;
    struct buffer host = BUFFER_EMPTY, port = BUFFER_EMPTY;
    buffer_append(&host, url->host, url->host_length);
    buffer_append_number(&port, url->port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP};
    struct addrinfo *found = NULL;
    SOCKET made = INVALID_SOCKET;
    if (!host.failed && !port.failed && getaddrinfo(host.bytes, port.bytes, &hints, &found) == 0) {
        for (struct addrinfo *each = found; each != NULL && made == INVALID_SOCKET; each = each->ai_next)
            made = connect_to(each, milliseconds);
        freeaddrinfo(found);
    }
    buffer_free(&host);
    buffer_free(&port);
    return made;
}

void socket_limit(SOCKET socket, unsigned long milliseconds)
{
    DWORD limit = milliseconds;
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, (const char *)&limit, sizeof limit);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, (const char *)&limit, sizeof limit);
}

static enum http_result failure(void)
{
    int error = WSAGetLastError();
    return error == WSAETIMEDOUT || error == WSAEWOULDBLOCK ? HTTP_TIMED_OUT : HTTP_BROKEN;
}

enum http_result socket_send(SOCKET socket, const char *bytes, size_t length)
{
    while (length > 0) {
        int part = length > 1 << 20 ? 1 << 20 : (int)length;
        int sent = send(socket, bytes, part, 0);
        if (sent <= 0)
            return failure();
        bytes += sent;
        length -= (size_t)sent;
    }
    return HTTP_OK;
}

enum http_result socket_receive(SOCKET socket, struct buffer *out)
{
    char *place = buffer_reserve(out, PIECE);
    if (place == NULL)
        return HTTP_NO_MEMORY;
    int received = recv(socket, place, PIECE, 0);
    if (received > 0)
        out->length += (size_t)received;
    out->bytes[out->length] = '\0';
    if (received > 0)
        return HTTP_OK;
    return received == 0 ? HTTP_BROKEN : failure();
}

bool socket_is_idle(SOCKET socket)
{
    WSAPOLLFD waited = {.fd = socket, .events = POLLRDNORM};
    return WSAPoll(&waited, 1, 0) == 0;
}
