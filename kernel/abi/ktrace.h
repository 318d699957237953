/* ktrace.h - kinds of events for ktrace(2), see trace.def. */
#pragma once

#define KTRACE_TASKS	1
#define KTRACE_CALLS	2
#define KTRACE_IPC	4
#define KTRACE_SIGNALS	8
#define KTRACE_PAGES	16
#define KTRACE_FAULTS	32
#define KTRACE_LIFE	64
#define KTRACE_ALL	127
