/*
 * matrix_sync.c - the rows `sync` of matrix.def: locks, signals, sleeps,
 * children. Any POSIX system.
 */
#include "tests/user/matrix_calls.h"

/* ---- Semaphores ---------------------------------------------------------- */

static void new_semaphore(struct place *p)
{
	require(sem_init(&p->semaphore, 1, 0) == 0);
	p->named = &p->semaphore;
}

static void new_named(struct place *p)
{
	sem_unlink(p->name);
	p->named = sem_open(p->name, O_CREAT, 0600, 0);
	require(p->named != SEM_FAILED);
}

static void remove_named(struct place *p)
{
	sem_unlink(p->name);
}

static int wait_for_unit(struct place *p)
{
	return outcome(sem_wait(p->named), 0);
}

static int try_unit(struct place *p)
{
	return outcome(sem_trywait(p->named), 0);
}

static int wait_for_unit_until(struct place *p)
{
	return outcome(sem_timedwait(p->named, soon(CLOCK_REALTIME)), 0);
}

static void post(struct place *p)
{
	require(sem_post(p->named) == 0);
}

static const struct call sem_wait_row = {
	.prepare = new_semaphore, .wait = wait_for_unit, .attempt = try_unit,
	.timed = wait_for_unit_until, .happen = post,
};

static const struct call sem_named_row = {
	.prepare = new_named, .wait = wait_for_unit, .attempt = try_unit,
	.timed = wait_for_unit_until, .happen = post, .remove = remove_named,
};

/* ---- Locks --------------------------------------------------------------- */

static void new_mutex(struct place *p)
{
	init_mutex(&p->mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED);
}

static void lock(struct place *p)
{
	require(pthread_mutex_lock(&p->mutex) == 0);
}

static void unlock(struct place *p)
{
	require(pthread_mutex_unlock(&p->mutex) == 0);
}

static int wait_for_mutex(struct place *p)
{
	return pthread_mutex_lock(&p->mutex);
}

static int try_mutex(struct place *p)
{
	return pthread_mutex_trylock(&p->mutex);
}

static int wait_for_mutex_until(struct place *p)
{
	return pthread_mutex_timedlock(&p->mutex, soon(CLOCK_REALTIME));
}

static const struct call mutex_lock_row = {
	.prepare = new_mutex, .hold = lock, .wait = wait_for_mutex,
	.attempt = try_mutex, .timed = wait_for_mutex_until, .happen = unlock,
};

static void new_cond(struct place *p)
{
	pthread_condattr_t attr;

	new_mutex(p);
	pthread_condattr_init(&attr);
	pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	require(pthread_cond_init(&p->cond, &attr) == 0);
}

static int wait_for_flag(struct place *p)
{
	int error = 0;

	lock(p);
	while (!p->flag && error == 0)
		error = pthread_cond_wait(&p->cond, &p->mutex);
	unlock(p);
	return error;
}

static int wait_for_flag_until(struct place *p)
{
	int error = 0;

	lock(p);
	while (!p->flag && error == 0)
		error = pthread_cond_timedwait(&p->cond, &p->mutex,
					       soon(CLOCK_REALTIME));
	unlock(p);
	return error;
}

static void set_flag(struct place *p)
{
	lock(p);
	p->flag = 1;
	pthread_cond_signal(&p->cond);
	unlock(p);
}

static const struct call cond_wait_row = {
	.prepare = new_cond, .wait = wait_for_flag,
	.timed = wait_for_flag_until, .happen = set_flag,
};

static void new_rwlock(struct place *p)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	require(pthread_rwlock_init(&p->rwlock, &attr) == 0);
}

static void lock_to_write(struct place *p)
{
	require(pthread_rwlock_wrlock(&p->rwlock) == 0);
}

static void unlock_rwlock(struct place *p)
{
	require(pthread_rwlock_unlock(&p->rwlock) == 0);
}

static int wait_to_read(struct place *p)
{
	return pthread_rwlock_rdlock(&p->rwlock);
}

static int try_to_read(struct place *p)
{
	return pthread_rwlock_tryrdlock(&p->rwlock);
}

static int wait_to_read_until(struct place *p)
{
	return pthread_rwlock_timedrdlock(&p->rwlock, soon(CLOCK_REALTIME));
}

static int wait_to_write(struct place *p)
{
	return pthread_rwlock_wrlock(&p->rwlock);
}

static int try_to_write(struct place *p)
{
	return pthread_rwlock_trywrlock(&p->rwlock);
}

static int wait_to_write_until(struct place *p)
{
	return pthread_rwlock_timedwrlock(&p->rwlock, soon(CLOCK_REALTIME));
}

static const struct call rdlock_row = {
	.prepare = new_rwlock, .hold = lock_to_write, .wait = wait_to_read,
	.attempt = try_to_read, .timed = wait_to_read_until,
	.happen = unlock_rwlock,
};

static const struct call wrlock_row = {
	.prepare = new_rwlock, .hold = lock_to_write, .wait = wait_to_write,
	.attempt = try_to_write, .timed = wait_to_write_until,
	.happen = unlock_rwlock,
};

static void new_barrier(struct place *p)
{
	pthread_barrierattr_t attr;

	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	require(pthread_barrier_init(&p->barrier, &attr, 2) == 0);
}

static int meet(struct place *p)
{
	int result = pthread_barrier_wait(&p->barrier);

	return result == PTHREAD_BARRIER_SERIAL_THREAD ? DONE : result;
}

static void come(struct place *p)
{
	require(meet(p) == DONE);
}

static const struct call barrier_wait_row = {
	.prepare = new_barrier, .hold = stand_by, .wait = meet, .happen = come,
};

/* ---- Threads ------------------------------------------------------------- */

static pthread_t other_thread;

static void *end_when_told(void *p)
{
	read_control(p);
	return NULL;
}

/* The signal is for the thread that joins. */
static void start_thread(struct place *p)
{
	block(SIGUSR1);
	other_thread = create(end_when_told, p);
	unblock(SIGUSR1);
}

static int wait_for_thread(struct place *p)
{
	(void)p;
	return pthread_join(other_thread, NULL);
}

static int try_thread(struct place *p)
{
	(void)p;
	return pthread_tryjoin_np(other_thread, NULL);
}

static int wait_for_thread_until(struct place *p)
{
	(void)p;
	return pthread_timedjoin_np(other_thread, NULL, soon(CLOCK_REALTIME));
}

static const struct call join_row = {
	.prepare = prepare_nothing, .enter = start_thread,
	.wait = wait_for_thread, .attempt = try_thread,
	.timed = wait_for_thread_until, .happen = write_control,
};

/* The other thread is in the initialisation until it is told. */
static pthread_once_t once;
static volatile int is_in_once;

static void initialise(void)
{
	is_in_once = 1;
	read_control(place);
}

static void *begin_once(void *unused)
{
	pthread_once(&once, initialise);
	return unused;
}

static void start_once(struct place *p)
{
	(void)p;
	block(SIGUSR1);
	create(begin_once, NULL);
	unblock(SIGUSR1);
	UNTIL(is_in_once);
}

static int wait_for_once(struct place *p)
{
	(void)p;
	return pthread_once(&once, initialise);
}

static const struct call once_row = {
	.prepare = prepare_nothing, .enter = start_once,
	.wait = wait_for_once, .happen = write_control,
};

/* ---- Signals and time ---------------------------------------------------- */

static void catch_second(struct place *p)
{
	(void)p;
	set_handler(SIGUSR2, catch_it, SA_RESTART);
}

/* These end with EINTR when a handler has run: the event. */
static int event_of(int result)
{
	return result == -1 && errno == EINTR ? DONE : ODD;
}

static int suspend(struct place *p)
{
	sigset_t none;

	(void)p;
	sigemptyset(&none);
	return event_of(sigsuspend(&none));
}

static int wait_for_handler(struct place *p)
{
	(void)p;
	return event_of(pause());
}

static const struct call sigsuspend_row = {
	.prepare = prepare_nothing, .enter = catch_second, .wait = suspend,
	.happen = send_second,
};

static const struct call pause_row = {
	.prepare = prepare_nothing, .enter = catch_second,
	.wait = wait_for_handler, .happen = send_second,
};

static void block_second(struct place *p)
{
	(void)p;
	block(SIGUSR2);
}

static int wait_for_signal(struct place *p)
{
	sigset_t set = set_of(SIGUSR2);

	(void)p;
	return outcome(sigwaitinfo(&set, NULL), SIGUSR2);
}

static int wait_for_signal_for(long nanoseconds)
{
	const struct timespec time = { 0, nanoseconds };
	sigset_t set = set_of(SIGUSR2);

	return outcome(sigtimedwait(&set, NULL, &time), SIGUSR2);
}

static int try_signal(struct place *p)
{
	(void)p;
	return wait_for_signal_for(0);
}

static int wait_for_signal_until(struct place *p)
{
	(void)p;
	return wait_for_signal_for(5000000);
}

static const struct call sigwaitinfo_row = {
	.prepare = block_second, .wait = wait_for_signal, .attempt = try_signal,
	.timed = wait_for_signal_until, .happen = send_second,
};

/* A handler of a signal outside the set does not end this wait. */
static int wait_for_number(struct place *p)
{
	sigset_t set = set_of(SIGUSR2);
	int number = 0, error = sigwait(&set, &number);

	(void)p;
	return error ? error : number == SIGUSR2 ? DONE : ODD;
}

static const struct call sigwait_row = {
	.prepare = block_second, .wait = wait_for_number,
	.happen = send_second,
};

static int sleep_long(struct place *p)
{
	const struct timespec time = { 1000, 0 };

	(void)p;
	return outcome(nanosleep(&time, NULL), 0);
}

static int sleep_a_little(struct place *p)
{
	const struct timespec time = { 0, 5000000 };

	(void)p;
	return outcome(nanosleep(&time, NULL), 0);
}

static const struct call nanosleep_row = {
	.prepare = prepare_nothing, .wait = sleep_long, .timed = sleep_a_little,
};

/* The result is the error; the time is a moment of the clock. */
static int sleep_until(time_t seconds, long nanoseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += seconds;
	time.tv_nsec += nanoseconds;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static int sleep_until_late(struct place *p)
{
	(void)p;
	return sleep_until(1000, 0);
}

static int sleep_until_soon(struct place *p)
{
	(void)p;
	return sleep_until(0, 5000000);
}

static const struct call clock_sleep_row = {
	.prepare = prepare_nothing, .wait = sleep_until_late,
	.timed = sleep_until_soon,
};

/* ---- Children ------------------------------------------------------------ */

/* The child of the waiter ends when told. SIGCHLD has a handler without
 * SA_RESTART: the end of the child must not hide behind its own signal. */
static void start_child(struct place *p)
{
	pid_t pid;

	set_handler(SIGCHLD, catch_it, SA_NOCLDSTOP);
	pid = fork_or_fail();
	if (pid == 0) {
		read_control(p);
		_exit(0);
	}
	p->peer = pid;
}

static int wait_for_child(struct place *p)
{
	return outcome(waitpid(p->peer, NULL, 0), p->peer);
}

static int try_child(struct place *p)
{
	return outcome(waitpid(p->peer, NULL, WNOHANG), p->peer);
}

static int wait_by_id(struct place *p)
{
	siginfo_t info = { 0 };
	int result = outcome(waitid(P_PID, p->peer, &info, WEXITED), 0);

	return result == DONE && info.si_pid != p->peer ? ODD : result;
}

/* Without news waitid() succeeds, and says so in the result. */
static int try_by_id(struct place *p)
{
	siginfo_t info = { 0 };
	int result = outcome(waitid(P_PID, p->peer, &info, WEXITED | WNOHANG),
			     0);

	return result == DONE && info.si_pid != 0 ? ODD : result;
}

static void end_child(struct place *p)
{
	write_control(p);
	until_peer_ends(p);
}

static const struct call waitpid_row = {
	.prepare = prepare_nothing, .enter = start_child,
	.wait = wait_for_child, .attempt = try_child, .happen = end_child,
};

static const struct call waitid_row = {
	.prepare = prepare_nothing, .enter = start_child, .wait = wait_by_id,
	.attempt = try_by_id, .happen = end_child,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_sync	ROW_AS_STRUCT
#define LINUX_sync	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
