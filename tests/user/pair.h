/* pair.h - a second task beside the caller, that does a part of the work. */
#pragma once

#include <pthread.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t peer;

/* A process that runs this function, beside the caller. */
static void beside(int (*function)(int), int argument)
{
	peer = fork();
	if (peer < 0)
		_exit(99);
	if (peer == 0)
		_exit(function(argument));
}

/* The pair has ended well if the second process and this one have. */
static int both(int is_right)
{
	int status = -1;

	waitpid(peer, &status, 0);
	return !is_right || status != 0;
}

static int with_thread(void *(*function)(void *))
{
	pthread_t other;
	void *result;

	if (pthread_create(&other, NULL, function, NULL) != 0)
		return 99;
	if (function(&other) != NULL)
		return 1;
	pthread_join(other, &result);
	return result != NULL;
}
