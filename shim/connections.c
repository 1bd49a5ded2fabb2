#include "connections.h"

#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "socket.h"

/* Kept ones form a list, the one used last in front: it is least likely to have been closed. */
static SRWLOCK lock = SRWLOCK_INIT;
static struct connection *kept;

static enum http_result receive(void *context, struct buffer *pending)
{
    struct connection *connection = context;
    if (connection->deadline != 0 && GetTickCount64() > connection->deadline)
        return HTTP_TIMED_OUT;
    return socket_receive(connection->socket, pending);
}

static bool is_to(const struct connection *connection, const struct url *url)
{
    return connection->authority.length == url->authority_length &&
           memcmp(connection->authority.bytes, url->authority, url->authority_length) == 0;
}

static struct connection *take_kept(const struct url *url)
{
    AcquireSRWLockExclusive(&lock);
    struct connection **place = &kept;
    while (*place != NULL && !is_to(*place, url))
        place = &(*place)->next;
    struct connection *taken = *place;
    if (taken != NULL)
        *place = taken->next;
    ReleaseSRWLockExclusive(&lock);
    return taken;
}

static struct connection *make(const struct settings *settings)
{
    struct connection *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->source = (struct http_source){.fill = receive, .context = made};
    buffer_append(&made->authority, settings->url.authority, settings->url.authority_length);
    made->socket = socket_connect(&settings->url, settings->timeout);
    if (made->socket == INVALID_SOCKET || made->authority.failed) {
        connection_close(made);
        return NULL;
    }
    return made;
}

struct connection *connection_take(const struct settings *settings)
{
    struct connection *taken;
    while ((taken = take_kept(&settings->url)) != NULL) {
        if (socket_is_idle(taken->socket))
            break;
        connection_close(taken); /* the service closed it, or was started again */
    }
    if (taken == NULL)
        taken = make(settings);
    if (taken != NULL) {
        socket_limit(taken->socket, settings->timeout);
        taken->deadline = GetTickCount64() + settings->timeout;
    }
    return taken;
}

void connection_keep(struct connection *connection)
{
    if (connection->source.pending.length > 0) { /* more than was asked for */
        connection_close(connection);
        return;
    }
    AcquireSRWLockExclusive(&lock);
    connection->next = kept;
    kept = connection;
    ReleaseSRWLockExclusive(&lock);
}

void connection_close(struct connection *connection)
{
    if (connection->socket != INVALID_SOCKET)
        closesocket(connection->socket);
    buffer_free(&connection->authority);
    buffer_free(&connection->source.pending);
    free(connection);
}

enum http_result connection_send(struct connection *connection, const struct url *url,
                                 const struct http_request *request)
{
    struct buffer text = BUFFER_EMPTY;
    http_write_request(&text, url, request);
    enum http_result result =
        text.failed ? HTTP_NO_MEMORY : socket_send(connection->socket, text.bytes, text.length);
    buffer_free(&text);
    return result;
}
