/* The parts of the shim that need no Windows, under the sanitizers: texts, JSON, HTTP, events, plans.
   Ends with 0 when all holds; prints where it does not. With files of plans, prints what is wrong with each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../shim/buffer.h"
#include "../../shim/events.h"
#include "../../shim/http.h"
#include "../../shim/json.h"
#include "../../shim/plan.h"
#include "../../shim/room.h"
#include "../../shim/text.h"
#include "../../shim/url.h"

#define CHECK(holds)                                              \
    do {                                                          \
        if (!(holds)) {                                           \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #holds);    \
            exit(1);                                              \
        }                                                         \
    } while (0)

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_text(struct json value, const char *text)
{
    return value.start != NULL && value.length == strlen(text) &&
           memcmp(value.start, text, value.length) == 0;
}

static struct json read_text(const char *text) { return json_read(text, strlen(text)); }

static void test_utf16_round_trip(void)
{
    static const uint16_t texts[][8] = {
        {0},
        {'a', 0x7F, 0},
        {0x80, 0x7FF, 0x800, 0xFFFD, 0},
        {0xD83D, 0xDE00, 'x', 0}, /* a pair of surrogates */
        {0xDBFF, 0xDFFF, 0},      /* U+10FFFF */
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct buffer utf8 = BUFFER_EMPTY;
        uint16_t back[16];
        text_from_utf16(&utf8, texts[i]);
        size_t length = text_to_utf16(back, utf8.bytes == NULL ? "" : utf8.bytes, utf8.length);
        CHECK(back[length] == 0);
        for (size_t unit = 0; unit <= length; unit++)
            CHECK(back[unit] == texts[i][unit]);
        buffer_free(&utf8);
    }
}

static void test_what_is_no_text_becomes_replacements(void)
{
    static const uint16_t lone[] = {0xD800, 'a', 0xDC00, 0xD800, 0};
    struct buffer utf8 = BUFFER_EMPTY;
    text_from_utf16(&utf8, lone);
    CHECK(strcmp(utf8.bytes, "\xEF\xBF\xBD" "a" "\xEF\xBF\xBD" "\xEF\xBF\xBD") == 0);
    buffer_free(&utf8);

    static const char *const broken[] = {"\xFF", "\xC0\x80", "\xE2\x82", "\xED\xA0\x80",
                                         "\xF4\x90\x80\x80", "\x80"};
    for (size_t i = 0; i < COUNT(broken); i++) {
        uint16_t out[8];
        size_t length = text_to_utf16(out, broken[i], strlen(broken[i]));
        CHECK(length > 0);
        for (size_t unit = 0; unit < length; unit++)
            CHECK(out[unit] == 0xFFFD);
    }
}

static void test_queries_are_escaped(void)
{
    struct buffer out = BUFFER_EMPTY;
    const char *query = "{\"a\": 1}&=%\xC3\xA4-._~";
    text_append_escaped(&out, query, strlen(query));
    CHECK(strcmp(out.bytes, "%7B%22a%22%3A%201%7D%26%3D%25%C3%A4-._~") == 0);
    buffer_free(&out);
}

static void test_strings_are_quoted(void)
{
    struct buffer out = BUFFER_EMPTY;
    const char *text = "a\"\\\n\xC3\xA4";
    text_append_quoted(&out, text, strlen(text));
    CHECK(strcmp(out.bytes, "a\\\"\\\\\\u000a\xC3\xA4") == 0);
    buffer_free(&out);
}

static void test_guids(void)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"404947ac-fc8f-4229-a4b5-595b9161f3a8", true},
        {"{404947AC-FC8F-4229-A4B5-595B9161F3A8}", true},
        {"404947acfc8f4229a4b5595b9161f3a8", false},
        {"404947ac-fc8f-4229-a4b5-595b9161f3ag", false},
        {"{404947ac-fc8f-4229-a4b5-595b9161f3a8", false},
        {"", false},
    };
    char out[GUID_TEXT_SIZE];
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(text_read_guid(out, cases[i].text, strlen(cases[i].text)) == cases[i].good);
}

static void test_members_of_an_object(void)
{
    const char *text = " {\"ID\" : \"a\\\"b\", \"N\": [1,{\"ID\":2}] ,\"ID2\":-1.5e+3,\"E\":{}, \"ID\":\"c\"}\n";
    struct json object = read_text(text);
    CHECK(json_is_object(object));
    CHECK(is_text(json_member(object, "ID"), "\"c\""));
    CHECK(is_text(json_member(object, "N"), "[1,{\"ID\":2}]"));
    CHECK(is_text(json_member(object, "ID2"), "-1.5e+3"));
    CHECK(is_text(json_member(object, "E"), "{}"));
    CHECK(json_member(object, "I").start == NULL);
    CHECK(json_member(object, "").start == NULL);
    CHECK(json_member(json_member(object, "N"), "ID").start == NULL);
    CHECK(is_text(json_plain_string(json_member(object, "ID")), "c"));
}

static void test_escapes_are_resolved(void)
{
    static const struct {
        const char *json;
        const char *text;
    } cases[] = {
        {"\"plain \xC3\xA4\"", "plain \xC3\xA4"},
        {"\"a\\\"b\\\\c\\/d\"", "a\"b\\c/d"},
        {"\"\\n\\t\\u0041\\u00e4\"", "\n\tA\xC3\xA4"},
        {"\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80"},
        {"\"\\ud83dx\"", "\xEF\xBF\xBDx"},
        {"\"\"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer out = BUFFER_EMPTY;
        CHECK(json_text(read_text(cases[i].json), &out));
        CHECK(strcmp(out.length == 0 ? "" : out.bytes, cases[i].text) == 0);
        buffer_free(&out);
    }
    struct buffer out = BUFFER_EMPTY;
    CHECK(!json_text(read_text("12"), &out) && !json_text(read_text("{}"), &out) && out.length == 0);
}

static void test_a_room_that_is_too_small_tells_how_large_it_must_be(void)
{
    _Alignas(8) char memory[64];
    struct room room = {.base = memory, .size = sizeof memory};
    uint64_t *number = room_take(&room, sizeof *number);
    CHECK((char *)number == memory && *number == 0);
    CHECK(strcmp(room_bytes(&room, "abcd", 3), "abc") == 0);
    uint16_t *text = room_text(&room, "\xC3\xA4", 2);
    CHECK((char *)text == memory + 16 && text[0] == 0xE4 && text[1] == 0);
    CHECK(room.used == 22 && room_is_enough(&room));
    memset(room_take(&room, 100), 0xCC, 100); /* goes nowhere */
    CHECK(room.used == 124 && !room_is_enough(&room));
    CHECK(room_bytes(&room, "x", 1) == NULL && room_text(&room, "x", 1) == NULL);
    struct room measured = {.base = NULL};
    room_take(&measured, 8);
    CHECK(measured.used == 8 && !room_is_enough(&measured));
}

static void test_items_of_a_list(void)
{
    struct json item = {NULL, 0};
    struct json list = read_text("[ {\"a\":1} ,2, \"x,]\" ]");
    CHECK(json_next(list, &item) && is_text(item, "{\"a\":1}"));
    CHECK(json_next(list, &item) && is_text(item, "2"));
    CHECK(json_next(list, &item) && is_text(item, "\"x,]\""));
    CHECK(!json_next(list, &item));
    item = (struct json){NULL, 0};
    CHECK(!json_next(read_text("[]"), &item));
    CHECK(!json_next(read_text("{}"), &item));
}

static void test_numbers(void)
{
    uint64_t number;
    CHECK(json_number(read_text("18446744073709551615"), &number) && number == UINT64_MAX);
    CHECK(!json_number(read_text("18446744073709551616"), &number));
    CHECK(!json_number(read_text("-1"), &number));
    CHECK(!json_number(read_text("1.5"), &number));
    CHECK(!json_number(read_text("\"1\""), &number));
    CHECK(!json_number((struct json){NULL, 0}, &number));
}

static void test_what_is_no_json(void)
{
    static const char *const bad[] = {"", " ", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]",
                                      "[1 2]", "\"", "\"\\", "\"\n\"", "tru", "1.", "-", "1e", "nullx",
                                      "{\"a\":1}{", "{a:1}", "[", "\"a\" \"b\""};
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(read_text(bad[i]).start == NULL);
    struct buffer deep = BUFFER_EMPTY;
    for (int i = 0; i < 100000; i++)
        buffer_append_text(&deep, "[");
    CHECK(json_read(deep.bytes, deep.length).start == NULL);
    buffer_free(&deep);
}

static void test_urls(void)
{
    struct url url;
    CHECK(url_read(&url, "http://127.0.0.1:8420/hosts/node-1/"));
    CHECK(url.port == 8420 && url.host_length == 9 && url.authority_length == 14);
    CHECK(url.path_length == 13 && memcmp(url.path, "/hosts/node-1", 13) == 0);
    CHECK(url_read(&url, "http://localhost") && url.port == 80 && url.path_length == 0);
    CHECK(url_read(&url, "http://[::1]:1") && url.host_length == 3 && url.port == 1);
    static const char *const bad[] = {"", "https://x", "http://", "http://:1", "http://x:", "http://x:0",
                                      "http://x:65536", "http://x:1a", "http://[::1", "http://x/a?b",
                                      "http://x/a b", "ftp://x", "http://x/\r\nA: b"};
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!url_read(&url, bad[i]));
}

/* An answer that comes in pieces of `step` bytes and then ends. */
struct script {
    const char *text;
    size_t length;
    size_t step;
};

static enum http_result play(void *context, struct buffer *pending)
{
    struct script *script = context;
    size_t part = script->length < script->step ? script->length : script->step;
    if (part == 0)
        return HTTP_BROKEN;
    buffer_append(pending, script->text, part);
    script->text += part;
    script->length -= part;
    return HTTP_OK;
}

static enum http_result read_answer(const char *text, size_t length, size_t step,
                                    struct http_head *head, struct buffer *body)
{
    struct script script = {text, length, step};
    struct http_source source = {play, &script, BUFFER_EMPTY};
    enum http_result result = http_read_head(&source, head);
    if (result == HTTP_OK)
        result = http_read_body(&source, head, body);
    buffer_free(&source.pending);
    return result;
}

static void test_answers_in_pieces_of_any_size(void)
{
    static const char *const answers[] = {
        "HTTP/1.1 201 Created\r\ncontent-length: 5\r\nHns-Result: 0x803B0010\r\n\r\nhello",
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nhns-result: 0x803b0010\r\n\r\n"
        "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        "HTTP/1.0 201 Created\nHNS-RESULT:0x803b0010\n\nhello",
    };
    for (size_t i = 0; i < COUNT(answers); i++) {
        for (size_t step = 1; step < 200; step++) {
            struct http_head head;
            struct buffer body = BUFFER_EMPTY;
            CHECK(read_answer(answers[i], strlen(answers[i]), step, &head, &body) == HTTP_OK);
            CHECK(head.status == 201 && head.has_result && head.result == 0x803B0010ul);
            CHECK(body.length == 5 && memcmp(body.bytes, "hello", 5) == 0);
            CHECK(head.keeps_alive == (i < 2));
            buffer_free(&body);
        }
    }
}

static void test_answers_without_a_body(void)
{
    struct http_head head;
    struct buffer body = BUFFER_EMPTY;
    const char *answer = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    CHECK(read_answer(answer, strlen(answer), 7, &head, &body) == HTTP_OK);
    CHECK(body.length == 0 && !head.keeps_alive && !head.has_result);
    buffer_free(&body);
}

static void test_broken_answers(void)
{
    static const struct {
        const char *text;
        enum http_result result;
    } cases[] = {
        {"", HTTP_BROKEN},
        {"HTTP/1.1 200 OK\r\n", HTTP_BROKEN},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", HTTP_BROKEN},
        {"SSH-2.0-OpenSSH_9\r\n\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 abc\r\n\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", HTTP_NONSENSE},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", HTTP_NONSENSE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_head head;
        struct buffer body = BUFFER_EMPTY;
        CHECK(read_answer(cases[i].text, strlen(cases[i].text), 5, &head, &body) == cases[i].result);
        buffer_free(&body);
    }
}

static void test_a_head_without_end_is_nonsense(void)
{
    struct buffer endless = BUFFER_EMPTY;
    struct http_head head;
    struct buffer body = BUFFER_EMPTY;
    buffer_append_text(&endless, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 20000; i++)
        buffer_append_text(&endless, "X-Header: value\r\n");
    CHECK(read_answer(endless.bytes, endless.length, 4096, &head, &body) == HTTP_NONSENSE);
    buffer_free(&endless);
    buffer_free(&body);
}

static void test_events_in_pieces_of_any_size(void)
{
    static const struct {
        bool has_id;
        unsigned long long id;
        const char *data;
    } expected[] = {
        {true, 0, ""}, {true, 7, "{\"a\":1}"}, {true, UINT64_MAX, "x\ny"}, {false, 0, "z"}};
    const char *text = ": connected\r\nid: 0\r\n\r\nevent: NetworkCreate\r\ndata: {\"a\":1}\r\nid: 7\r\n"
                       "\r\n:\n\nid: 18446744073709551615\ndata:x\ndata: y\n\n\ndata: z\n\n: bye\n\n";
    for (size_t step = 1; step < strlen(text); step++) {
        struct buffer stream = BUFFER_EMPTY;
        struct event event = EVENT_EMPTY;
        size_t seen = 0;
        for (size_t at = 0; at < strlen(text); at += step) {
            size_t left = strlen(text) - at;
            buffer_append(&stream, text + at, left < step ? left : step);
            while (event_take(&stream, &event)) {
                CHECK(seen < COUNT(expected) && event.has_id == expected[seen].has_id);
                CHECK(!event.has_id || event.id == expected[seen].id);
                CHECK(event.data.length == strlen(expected[seen].data));
                CHECK(event.data.length == 0 ||
                      memcmp(event.data.bytes, expected[seen].data, event.data.length) == 0);
                seen++;
            }
        }
        CHECK(seen == COUNT(expected));
        buffer_free(&stream);
        buffer_free(&event.data);
    }
}

/* Change some bytes of good input and see that nothing crashes; the same numbers on every run. */
static void test_changed_input_crashes_nothing(void)
{
    static const char *const seeds[] = {
        "{\"ID\":\"404947ac-fc8f-4229-a4b5-595b9161f3a8\",\"N\":[1,2,{\"x\":null}],\"E\":-1.5e3}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nHns-Result: 0x0\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        "id: 7\r\nevent: NetworkCreate\r\ndata: {\"NotificationType\":2}\r\n\r\n: x\n\n",
    };
    unsigned state = 1;
    for (int round = 0; round < 30000; round++) {
        char text[256];
        const char *seed = seeds[round % (int)COUNT(seeds)];
        size_t length = strlen(seed);
        memcpy(text, seed, length + 1);
        for (int change = 0; change < 1 + round % 4; change++) {
            state = state * 1103515245u + 12345u;
            text[(state >> 8) % length] = (char)(state >> 20);
        }
        struct json value = json_read(text, length);
        struct json item = {NULL, 0};
        json_member(value, "ID");
        json_next(json_member(value, "N"), &item);
        struct buffer resolved = BUFFER_EMPTY;
        json_text(json_member(value, "ID"), &resolved);
        buffer_free(&resolved);
        struct http_head head;
        struct buffer body = BUFFER_EMPTY;
        read_answer(text, length, 1 + (size_t)(round % 50), &head, &body);
        buffer_free(&body);
        struct buffer stream = BUFFER_EMPTY;
        struct event event = EVENT_EMPTY;
        buffer_append(&stream, text, length);
        while (event_take(&stream, &event))
            continue;
        buffer_free(&stream);
        buffer_free(&event.data);
        uint16_t wide[257];
        text_to_utf16(wide, text, length);
    }
}

#define PLAN(case) "{\"kind\":\"hnsemu-parity-plan\",\"format\":1,\"cases\":[" case "]}"
#define STEPS(steps) PLAN("{\"risk\":\"own\",\"steps\":[" steps "]}")
#define NETWORK                                                                 \
    "{\"name\":\"net\",\"call\":\"HcnCreateNetwork\",\"document\":{\"Name\":" \
    "\"hnsemu-parity-a\"}}"
#define CALL(method, path, document) \
    "{\"call\":\"HNSCall\",\"method\":\"" method "\",\"path\":\"" path "\",\"document\":" document "}"

static bool takes_plan(const char *text, size_t length, const char *sentence)
{
    struct buffer problem = BUFFER_EMPTY;
    struct json cases;
    bool taken = plan_read(&cases, text, length, &problem);
    CHECK(taken == (problem.length == 0));
    CHECK(taken || sentence == NULL || strstr(problem.bytes, sentence) != NULL);
    buffer_free(&problem);
    return taken;
}

static void test_a_plan_that_does_more_than_it_may_is_refused(void)
{
    static const struct {
        const char *text, *sentence;
    } plans[] = {
        {"", "it is not complete JSON"},
        {"{\"kind\":\"hnsemu-parity-plan\",\"format\":1,\"cases\":[", "it is not complete JSON"},
        {"[]", "it is no plan"},
        {"{\"kind\":\"hnsemu-parity-record\",\"format\":1}", "it is no plan"},
        {"{\"kind\":\"hnsemu-parity-plan\",\"format\":2}", "it has format 2, this program reads 1"},
        {PLAN(""), "it has no cases"},
        {PLAN("{\"risk\":\"all\",\"steps\":[]}"), "case 1: `risk` is none of"},
        {STEPS(""), "case 1: it has no steps"},
        {STEPS("{\"call\":\"HcnCloseNetwork\"}"), "case 1, step 1: no plan may call this function"},
        {STEPS("7"), "case 1, step 1: no plan may call this function"},
        {STEPS(NETWORK "," NETWORK), "case 1, step 2: an earlier step has this name"},
        {STEPS("{\"name\":\"A b\",\"call\":\"HcnCreateNamespace\"}"), "a name has small letters"},
        {STEPS("{\"call\":\"HcnDeleteNetwork\"}"), "the function needs `of`"},
        {STEPS("{\"call\":\"HcnCreateNamespace\",\"of\":\"unknown\"}"), "the function has no `of`"},
        {STEPS("{\"call\":\"HcnDeleteNetwork\",\"of\":\"net\"}"), "no earlier step makes"},
        {STEPS(CALL("GET", "/networks/${net}", "{}")), "no earlier step makes"},
        {STEPS(CALL("PUT", "/networks/", "{}")), "HNSCall needs `method`"},
        {STEPS(CALL("GET", "networks", "{}")), "HNSCall needs `method`"},
        {STEPS(CALL("DELETE", "/networks/1234", "{}")), "a plan changes only what it made"},
        {STEPS(CALL("POST", "/networks/", "{\"Name\":\"nat\"}")), "begins with hnsemu-parity-"},
        {STEPS(CALL("POST", "/endpoints/", "{\"VirtualNetwork\":\"1\"}")), "the VirtualNetwork"},
        {STEPS("{\"call\":\"HcnCreateNetwork\",\"document\":\"\"}"), "begins with hnsemu-parity-"},
        {PLAN("{\"risk\":\"read\",\"steps\":[" NETWORK "]}"), "a case of risk read only reads"},
    };
    for (size_t i = 0; i < COUNT(plans); i++)
        CHECK(!takes_plan(plans[i].text, strlen(plans[i].text), plans[i].sentence));
}

static void test_a_plan_is_taken_whole_only(void)
{
    static const char plan[] = STEPS(NETWORK ",{\"call\":\"HcnDeleteNetwork\",\"of\":\"net\"},"
                                     "{\"call\":\"HcnOpenEndpoint\",\"of\":\"unknown\"}," CALL(
                                         "DELETE", "/networks/${net}", "null"));
    CHECK(takes_plan(plan, strlen(plan), NULL));
    for (size_t length = 0; length < strlen(plan); length++) {
        char *cut = malloc(length + 1); /* so that the sanitizer sees a byte too far */
        memcpy(cut, plan, length);
        CHECK(!takes_plan(cut, length, NULL));
        free(cut);
    }
}

static void test_references(void)
{
    static const char text[] = "/a/${net}/${b";
    struct json found = plan_reference(text, text + strlen(text));
    CHECK(is_text(found, "net"));
    CHECK(plan_reference(found.start + found.length, text + strlen(text)).start == NULL);
}

/* Print what is wrong with the plan in a file: an empty line where nothing is. */
static void print_problem(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buffer text = BUFFER_EMPTY, problem = BUFFER_EMPTY;
    struct json cases;
    CHECK(file != NULL);
    char *place = buffer_reserve(&text, 1 << 20);
    text.length = fread(place, 1, 1 << 20, file);
    fclose(file);
    plan_read(&cases, text.bytes, text.length, &problem);
    puts(problem.bytes == NULL ? "" : problem.bytes);
    buffer_free(&text);
    buffer_free(&problem);
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        print_problem(arguments[i]);
    if (count > 1)
        return 0;
    test_utf16_round_trip();
    test_what_is_no_text_becomes_replacements();
    test_queries_are_escaped();
    test_strings_are_quoted();
    test_guids();
    test_members_of_an_object();
    test_escapes_are_resolved();
    test_items_of_a_list();
    test_a_room_that_is_too_small_tells_how_large_it_must_be();
    test_numbers();
    test_what_is_no_json();
    test_urls();
    test_answers_in_pieces_of_any_size();
    test_answers_without_a_body();
    test_broken_answers();
    test_a_head_without_end_is_nonsense();
    test_events_in_pieces_of_any_size();
    test_changed_input_crashes_nothing();
    test_a_plan_that_does_more_than_it_may_is_refused();
    test_a_plan_is_taken_whole_only();
    test_references();
    return 0;
}
