/*
 * spawn.c - posix_spawn(): fork, the wishes of the caller, exec.
 *
 * An error in the child comes back through a pipe that closes at exec: the end
 * of file says that the program runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/internal.h"

enum kind { OPEN, DUP, CLOSE, CHDIR };

struct __spawn_action {
	struct __spawn_action *next;
	enum kind kind;
	int fd, from;		/* DUP: from -> fd; OPEN: flags */
	mode_t mode;
	char path[];
};

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
	actions->__first = NULL;
	actions->__end = &actions->__first;
	return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
	struct __spawn_action *next;

	for (; actions->__first; actions->__first = next) {
		next = actions->__first->next;
		free(actions->__first);
	}
	return posix_spawn_file_actions_init(actions);
}

static int add(posix_spawn_file_actions_t *actions,
	struct __spawn_action action, const char *path)
{
	struct __spawn_action *copy;

	if (action.fd < 0 || (action.kind == DUP && action.from < 0))
		return EBADF;
	copy = malloc(sizeof(*copy) + strlen(path) + 1);
	if (!copy)
		return ENOMEM;
	*copy = action;
	strcpy(copy->path, path);
	if (!actions->__first)		/* a copy of the struct, perhaps */
		actions->__end = &actions->__first;
	*actions->__end = copy;
	actions->__end = &copy->next;
	return 0;
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions,
	int fd)
{
	return add(actions, (struct __spawn_action){ .kind = CLOSE, .fd = fd },
		"");
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions,
	int fd, int to)
{
	return add(actions, (struct __spawn_action){ .kind = DUP, .fd = to,
		.from = fd }, "");
}

int posix_spawn_file_actions_addopen(
	posix_spawn_file_actions_t *restrict actions, int fd,
	const char *restrict path, int flags, mode_t mode)
{
	return add(actions, (struct __spawn_action){ .kind = OPEN, .fd = fd,
		.from = flags, .mode = mode }, path);
}

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions,
	const char *restrict path)
{
	return add(actions, (struct __spawn_action){ .kind = CHDIR }, path);
}

/* dup2() to the same number: the descriptor stays open at exec. */
static int act(const struct __spawn_action *action)
{
	int fd;

	switch (action->kind) {
	case CLOSE:
		__quiet_close(action->fd);
		return 0;
	case CHDIR:
		return chdir(action->path);
	case DUP:
		return action->from == action->fd
			? fcntl(action->fd, F_SETFD, 0)
			: dup2(action->from, action->fd);
	default:
		fd = open(action->path, action->from, action->mode);
		if (fd < 0 || fd == action->fd)
			return fd;
		if (dup2(fd, action->fd) < 0)
			return -1;
		return __quiet_close(fd);
	}
}

static int apply(const posix_spawnattr_t *attributes)
{
	int flags = attributes->__flags;

	if (flags & POSIX_SPAWN_SETSID && setsid() < 0)
		return -1;
	if (flags & POSIX_SPAWN_SETPGROUP && setpgid(0, attributes->__group))
		return -1;
	if (flags & POSIX_SPAWN_SETSCHEDULER) {
		if (sched_setscheduler(0, attributes->__policy,
		    &attributes->__parameters) < 0)
			return -1;
	} else if (flags & POSIX_SPAWN_SETSCHEDPARAM &&
	    sched_setparam(0, &attributes->__parameters) < 0)
		return -1;
	if (flags & POSIX_SPAWN_RESETIDS &&
	    (setegid(getgid()) < 0 || seteuid(getuid()) < 0))
		return -1;
	for (int i = 1; flags & POSIX_SPAWN_SETSIGDEF && i < NSIG; i++) {
		if (sigismember(&attributes->__default, i) == 1)
			signal(i, SIG_DFL);
	}
	if (flags & POSIX_SPAWN_SETSIGMASK)
		sigprocmask(SIG_SETMASK, &attributes->__mask, NULL);
	return 0;
}

struct wish {
	const char *path;
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attributes;
	char *const *argv, *const *envp;
	int (*exec)(const char *, char *const *, char *const *);
};

/* The pipe moves away when an action wants its number. */
static _Noreturn void be_child(const struct wish *wish, int pipe)
{
	const struct __spawn_action *action = wish->actions
		? wish->actions->__first : NULL;
	int error = 0;

	if (wish->attributes && apply(wish->attributes) < 0)
		error = errno;
	for (; action && !error; action = action->next) {
		if (action->fd == pipe && action->kind != CHDIR)
			pipe = fcntl(pipe, F_DUPFD_CLOEXEC, 0);
		if (act(action) < 0)
			error = errno;
	}
	if (!error) {
		wish->exec(wish->path, wish->argv, wish->envp);
		error = errno;
	}
	if (write(pipe, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static int spawn(pid_t *pid, const struct wish *wish)
{
	int fds[2], error = 0;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return errno;
	child = fork();
	if (child == 0)
		be_child(wish, fds[1]);
	if (child < 0)
		error = errno;
	__quiet_close(fds[1]);
	while (child > 0 && read(fds[0], &error, sizeof(error)) < 0 &&
	    errno == EINTR)
		continue;
	__quiet_close(fds[0]);
	if (error && child > 0)
		waitpid(child, NULL, 0);
	if (!error && pid)
		*pid = child;
	return error;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path,
	const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *restrict attributes,
	char *const argv[restrict], char *const envp[restrict])
{
	const struct wish wish = { path, actions, attributes, argv,
		envp ? envp : environ, execve };

	return spawn(pid, &wish);
}

int posix_spawnp(pid_t *restrict pid, const char *restrict name,
	const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *restrict attributes,
	char *const argv[restrict], char *const envp[restrict])
{
	const struct wish wish = { name, actions, attributes, argv,
		envp ? envp : environ, execvpe };

	return spawn(pid, &wish);
}
