/* Connections that are kept for the next call, and the one that a call uses. */
#ifndef SHIM_CONNECTIONS_H
#define SHIM_CONNECTIONS_H

#include <winsock2.h>

#include "http.h"
#include "settings.h"

struct connection {
    SOCKET socket;
    struct buffer authority; /* whom it is to */
    struct http_source source;
    ULONGLONG deadline; /* GetTickCount64 at which a call has taken too long; 0 for never */
    struct connection *next;
};

/* Return a connection to the service of `settings`, kept or new; NULL when nobody answers there. */
struct connection *connection_take(const struct settings *settings);

/* Keep a connection whose answer was read to its end. */
void connection_keep(struct connection *connection);

void connection_close(struct connection *connection);

enum http_result connection_send(struct connection *connection, const struct url *url,
                                 const struct http_request *request);

#endif
