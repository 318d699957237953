/* turns.h - ask for a policy under which sched_yield() gives way at once. */
#pragma once

#include <sched.h>

#ifdef __GLIBC__
/* The usual policy of Linux shares time by its own rules: the caller often
   keeps the processor. */
static inline void take_turns(int on)
{
	struct sched_param param = { .sched_priority = on };

	sched_setscheduler(0, on ? SCHED_RR : SCHED_OTHER, &param);
}
#else
static inline void take_turns(int on)
{
	(void)on;
}
#endif
