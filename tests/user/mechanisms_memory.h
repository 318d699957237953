/*
 * mechanisms_memory.h - the pairs of mechanisms_parley.c that share memory.
 */
#pragma once

#include <pages.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "tests/user/pair.h"

/* ---- Memory ------------------------------------------------------------- */

static volatile int *word;

static int fetch_add(int unused)
{
	(void)unused;
	__atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static int add_both(void)
{
	*word = 0;
	beside(fetch_add, 0);
	fetch_add(0);
	return both(1) || *word != 2;
}

static int use_mapping(void)
{
	word = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return add_both();
}

static int use_segment(void)
{
	int segment = shmget(IPC_PRIVATE, 4096, 0600), result;

	word = shmat(segment, NULL, 0);
	result = add_both();
	shmctl(segment, IPC_RMID, NULL);
	return result;
}

static void leave(int signal)
{
	_exit(signal != SIGBUS);
}

/* The page of the owner, or none after the revoke. */
static int read_grant(int grant)
{
	const char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, grant, 0);

	signal(SIGBUS, leave);
	return page != MAP_FAILED && *page != 'a';
}

/* The owner changes the page after the revoke alone. */
static int use_grant(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int grant;

	*page = 'a';
	grant = page_grant(page, 4096, PROT_READ);
	beside(read_grant, grant);
	if (page_revoke(grant) != 0)
		return 1;
	*page = 'b';
	return both(*page == 'b');
}

/* ---- Threads ------------------------------------------------------------ */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int sum;

static void *add_under_mutex(void *is_main)
{
	pthread_mutex_lock(&mutex);
	sum++;
	pthread_cond_signal(&changed);
	while (is_main && sum < 2)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static int use_condition(void)
{
	return with_thread(add_under_mutex) || sum != 2;
}

static void *add_mutex(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&mutex);
	sum++;
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static int use_mutex(void)
{
	return with_thread(add_mutex) || sum != 2;
}

static void *read_and_add(void *unused)
{
	int seen;

	(void)unused;
	pthread_rwlock_rdlock(&rwlock);
	seen = sum;
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_wrlock(&rwlock);
	sum++;
	pthread_rwlock_unlock(&rwlock);
	return seen > 1 ? &sum : NULL;
}

static int use_rwlock(void)
{
	return with_thread(read_and_add) || sum != 2;
}

static void *meet(void *unused)
{
	(void)unused;
	__atomic_fetch_add(&sum, 1, __ATOMIC_SEQ_CST);
	pthread_barrier_wait(&barrier);
	return sum == 2 ? NULL : &sum;
}

static int use_barrier(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	return with_thread(meet);
}

static void make(void)
{
	sum++;
}

static void *make_once(void *unused)
{
	(void)unused;
	pthread_once(&once, make);
	return sum == 1 ? NULL : &sum;
}

static int use_once(void)
{
	return with_thread(make_once);
}
