/* TCP with time limits: every call ends, whatever the other side does. */
#ifndef SHIM_SOCKET_H
#define SHIM_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include <winsock2.h>

#include "http.h"
#include "url.h"

/* Connect within `milliseconds`; INVALID_SOCKET when nothing answers there. */
SOCKET socket_connect(const struct url *url, unsigned long milliseconds);

enum http_result socket_send(SOCKET socket, const char *bytes, size_t length);

/* Append what comes next; HTTP_BROKEN when the other side closed. */
enum http_result socket_receive(SOCKET socket, struct buffer *out);

/* Limit how long a send or receive may wait; 0 for no limit. */
void socket_limit(SOCKET socket, unsigned long milliseconds);

/* Tell whether an idle connection is still open and silent. */
bool socket_is_idle(SOCKET socket);

#endif
