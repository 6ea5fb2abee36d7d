#include "core/stop.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t asked;

static void on_signal(int sig)
{
	if (asked) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	asked = sig;
}

void stop_install(void)
{
	struct sigaction a = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
}

bool stop_asked(void)
{
	return asked != 0;
}

void stop_raise(void)
{
	int sig = asked;
	if (!sig)
		return;
	signal(sig, SIG_DFL);
	raise(sig);
}
