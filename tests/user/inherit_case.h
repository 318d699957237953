/* inherit_case.h - what cases about lent priorities have in common. */
#pragma once

#include "tests/user/thread_case.h"

enum { LOW = 5, MIDDLE = 10, HIGH = 20, TOP = 30 };

HELPER pthread_mutex_t mutexes[4];

HELPER void init(int protocol, int type)
{
	pthread_mutexattr_t attr;

	require(pthread_mutexattr_init(&attr) == 0);
	require(pthread_mutexattr_setprotocol(&attr, protocol) == 0);
	require(pthread_mutexattr_settype(&attr, type) == 0);
	for (int i = 0; i < 4; i++)
		require(pthread_mutex_init(&mutexes[i], &attr) == 0);
}

HELPER void be(int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	require(pthread_setschedparam(pthread_self(), policy, &param) == 0);
}

/* The level at which a thread runs, as ps shows it: rt7, or 0 for none. */
HELPER int level_of(pid_t id)
{
	static char text[32768];
	char key[16], *line;
	int level = 0;

	require(read_text("/proc/tasks", text, sizeof(text)));
	snprintf(key, sizeof(key), "\n%d\t", (int)id);
	line = strstr(text, key);
	require(line != NULL);
	for (int tabs = 0; tabs < 4; tabs++)
		line = strchr(line + 1, '\t');
	sscanf(line, "\trt%d", &level);
	return level;
}

pid_t gettid(void);

HELPER int my_level(void)
{
	return level_of(gettid());
}
