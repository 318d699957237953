/*
 * libc_attributes.c - attributes of new processes and of objects of threads:
 * each comes back as it was set. Any system with GNU's names.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>

#include "tests/user/helpers.h"

static posix_spawnattr_t attr;

/* The exit status of a shell with these attributes and actions, or -1. */
static int spawn_sh(const char *line, const posix_spawn_file_actions_t *files)
{
	char *const argv[] = { "sh", "-c", (char *)line, NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/sh", files, &attr, argv, environ) != 0)
		return -1;
	return result_of(pid);
}

CASE(attribute_of_a_process_is_another_one)
{
	const struct sched_param parameters = { .sched_priority = 3 };
	struct sched_param seen = { .sched_priority = 77 };
	int policy = 77;
	pid_t group = 77;
	short flags = 77;

	expect(posix_spawnattr_init(&attr) == 0);
	expect(posix_spawnattr_getflags(&attr, &flags) == 0 && flags == 0);
	expect(posix_spawnattr_getpgroup(&attr, &group) == 0 && group == 0);
	expect(posix_spawnattr_setpgroup(&attr, 55) == 0);
	expect(posix_spawnattr_getpgroup(&attr, &group) == 0 && group == 55);
	expect(posix_spawnattr_setschedpolicy(&attr, SCHED_RR) == 0);
	expect(posix_spawnattr_getschedpolicy(&attr, &policy) == 0);
	expect(policy == SCHED_RR);
	expect(posix_spawnattr_setschedparam(&attr, &parameters) == 0);
	expect(posix_spawnattr_getschedparam(&attr, &seen) == 0);
	expect(seen.sched_priority == 3);
	expect(posix_spawnattr_setflags(&attr, 0x4000) == EINVAL);
	expect(posix_spawnattr_destroy(&attr) == 0);
}

CASE(sets_of_signals_are_mixed_up)
{
	const sigset_t first = set_of(SIGUSR1), second = set_of(SIGUSR2);
	sigset_t seen;

	expect(posix_spawnattr_init(&attr) == 0);
	expect(posix_spawnattr_getsigmask(&attr, &seen) == 0);
	expect(!sigismember(&seen, SIGUSR1));
	expect(posix_spawnattr_setsigdefault(&attr, &first) == 0);
	expect(posix_spawnattr_setsigmask(&attr, &second) == 0);
	expect(posix_spawnattr_getsigdefault(&attr, &seen) == 0);
	expect(sigismember(&seen, SIGUSR1) && !sigismember(&seen, SIGUSR2));
	expect(posix_spawnattr_getsigmask(&attr, &seen) == 0);
	expect(!sigismember(&seen, SIGUSR1) && sigismember(&seen, SIGUSR2));
}

CASE(new_process_has_the_mask_of_its_parent)
{
	const sigset_t term = set_of(SIGTERM);

	posix_spawnattr_init(&attr);
	expect(posix_spawnattr_setsigmask(&attr, &term) == 0);
	expect(spawn_sh("kill -TERM $$; exit 4", NULL) == -SIGTERM);
	expect(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK) == 0);
	expect(spawn_sh("kill -TERM $$; exit 4", NULL) == 4);
}

CASE(new_process_stays_in_the_folder_of_its_parent)
{
	posix_spawn_file_actions_t files;

	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_init(&files);
	expect(posix_spawn_file_actions_addchdir_np(&files, "/dev") == 0);
	expect(posix_spawn_file_actions_addopen(&files, 5, "null", O_RDONLY,
						0) == 0);
	expect(spawn_sh("test \"$(pwd)\" = /dev", &files) == 0);
	expect(posix_spawn_file_actions_addchdir_np(&files, "/none/none") == 0);
	expect(spawn_sh("exit 0", &files) == -1);
	expect(posix_spawn_file_actions_destroy(&files) == 0);
}

/* ---- Objects of threads -------------------------------------------------- */

/* The attributes of an object begin private, can be shared, and end. */
#define TEST_SHARED(kind) do {						\
	kind##_t object;						\
	int is_shared = 77;						\
									\
	expect(kind##_init(&object) == 0);				\
	expect(kind##_getpshared(&object, &is_shared) == 0);		\
	expect(is_shared == PTHREAD_PROCESS_PRIVATE);			\
	expect(kind##_setpshared(&object, PTHREAD_PROCESS_SHARED) == 0); \
	expect(kind##_getpshared(&object, &is_shared) == 0);		\
	expect(is_shared == PTHREAD_PROCESS_SHARED);			\
	expect(kind##_setpshared(&object, 77) == EINVAL);		\
	expect(kind##_getpshared(&object, &is_shared) == 0);		\
	expect(is_shared == PTHREAD_PROCESS_SHARED);			\
	expect(kind##_destroy(&object) == 0);				\
} while (0)

CASE(shared_object_of_threads_is_private)
{
	TEST_SHARED(pthread_mutexattr);
	TEST_SHARED(pthread_condattr);
	TEST_SHARED(pthread_rwlockattr);
	TEST_SHARED(pthread_barrierattr);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
