/* Playing the cases of a plan, and removing what they made. */
#ifndef SHIM_PLAY_H
#define SHIM_PLAY_H

#include "plan.h"

/* Play a case: append the list of its results to `out`, then remove what it made. What could not be removed is
   appended to `leftovers` as JSON strings with commas between them. `stopped` ends it early when it is set. */
void play_case(struct json from, struct buffer *out, struct buffer *leftovers, const volatile long *stopped);

/* Print which row a case is about: its section and how the row begins. */
void play_print_row(struct json from);

/* Print the calls that play_case makes, and make none. */
void play_dry(struct json from);

/* Remove the networks that an earlier run left, with their endpoints; false where that failed. */
bool play_remove_leftovers(void);

#endif
