/* event_thread.h - SIGEV_THREAD. */
#pragma once

#include <signal.h>

/* Start a detached thread that calls the function of the event. Without memory
 * for a thread, this event is lost. */
void __start_event_thread(const struct sigevent *event);
