/* stop: SIGINT and SIGTERM ask for an end after the batch in hand; a second one ends at once. */
#pragma once
#include <stdbool.h>

void stop_install(void);
bool stop_asked(void);
/* Die by the signal that asked, so that the shell sees it. Returns when none did. */
void stop_raise(void);
