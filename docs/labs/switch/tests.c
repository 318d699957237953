/*
 * tests.c - the tests of lab 1: the switch and the ready list.
 *
 * lab.toml has the points of each case and what the trace must show.
 */
#include <sys/mman.h>
#include <sys/times.h>

#include "docs/labs/lab.h"
#include "tests/user/thread_case.h"

static volatile long *shared;

static void share_memory(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
}

/* The sum depends on each value that was in a register over a switch. */
static int mix(unsigned seed)
{
	unsigned a = seed, b = seed * 3, c = seed * 5, d = seed * 7;

	for (int i = 0; i < 200; i++) {
		a += b ^ i;
		b += c ^ a;
		c += d ^ b;
		d += a ^ c;
		sched_yield();
	}
	return (a ^ b ^ c ^ d) & 0x7f;
}

static int mix_alone(unsigned seed)
{
	unsigned a = seed, b = seed * 3, c = seed * 5, d = seed * 7;

	for (int i = 0; i < 200; i++) {
		a += b ^ i;
		b += c ^ a;
		c += d ^ b;
		d += a ^ c;
	}
	return (a ^ b ^ c ^ d) & 0x7f;
}

CASE(tasks_keep_their_registers)
{
	pid_t pids[3];

	for (int i = 0; i < 3; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(mix(i + 1));
	}
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == mix_alone(i + 1));
}

static volatile int own;

static int keep_own(int value)
{
	own = value;
	for (int i = 0; i < 100; i++) {
		sched_yield();
		if (own != value)
			return 1;
	}
	return 7;
}

CASE(each_task_has_its_own_memory)
{
	pid_t pids[3];

	for (int i = 0; i < 3; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(keep_own(i));
	}
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 7);
}

static int call_often(void)
{
	char text[64];

	for (int i = 0; i < 50; i++) {
		sched_yield();
		if (!read_text("/proc/version", text, sizeof(text)))
			return 1;
	}
	return 7;
}

CASE(kernel_stack_follows_the_task)
{
	pid_t pids[3];

	for (int i = 0; i < 3; i++)
		pids[i] = start(call_often);
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 7);
}

static int compute(void)
{
	for (volatile int i = 0; i < 30000000; i++)
		;
	return 7;
}

static int rest(void)
{
	usleep(50000);
	return 7;
}

static long ticks_of_child(int (*function)(void))
{
	struct tms before, after;

	times(&before);
	require(run_in_child(function) == 7);
	times(&after);
	return after.tms_cutime + after.tms_cstime - before.tms_cutime -
	       before.tms_cstime;
}

CASE(time_is_counted_for_the_running_task)
{
	long computing = ticks_of_child(compute);
	long resting = ticks_of_child(rest);

	expect(computing > 2 && computing < 1000);
	expect(resting >= 0 && resting < 2);
}

static unsigned fs_now(void)
{
	unsigned fs;

	__asm__ volatile("mov %%fs, %0" : "=r"(fs));
	return fs;
}

static void *own_errno(void *number)
{
	for (int i = 0; i < 100; i++) {
		errno = (int)(long)number;
		sched_yield();
		if (errno != (int)(long)number || fs_now() != 0)
			return (void *)1;
	}
	return (void *)7;
}

/* A program may load FS with the segment of its data. */
static int yield_with_fs(void)
{
	for (int i = 0; i < 300; i++) {
		__asm__ volatile("mov %%ds, %%eax; mov %%eax, %%fs"
				 : : : "eax");
		sched_yield();
	}
	return 7;
}

CASE(threads_keep_their_own_segment)
{
	pthread_t threads[2];
	pid_t pid = start(yield_with_fs);

	for (int i = 0; i < 2; i++)
		threads[i] = create(own_errno, (void *)(long)(i + 1));
	for (int i = 0; i < 2; i++)
		expect(join(threads[i]) == 7);
	expect(result_of(pid) == 7);
}

/* ---- The ready lists ----------------------------------------------------- */

static int go[2], gates[3][2];

/* Note the priority behind those of the tasks that ran before. */
static int note_priority(int priority, int gate)
{
	char byte;

	be_urgent(priority);
	if (read(gate, &byte, 1) != 1)
		return 1;
	shared[1 + shared[0]++] = priority;
	return 7;
}

/* This process is more urgent than its children: all three are ready before
 * one of them runs. */
CASE(higher_priority_runs_first)
{
	static const int priorities[] = { 3, 9, 6 };
	pid_t pids[3];

	share_memory();
	for (int i = 0; i < 3; i++) {
		require(pipe(gates[i]) == 0);
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(note_priority(priorities[i], gates[i][0]));
		until_asleep(pids[i]);
	}
	be_urgent(20);
	for (int i = 0; i < 3; i++)
		require(write(gates[i][1], "x", 1) == 1);
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 7);
	expect(shared[1] == 9 && shared[2] == 6 && shared[3] == 3);
}

static int answer_at_once(void)
{
	char byte;

	be_urgent(5);
	if (read(go[0], &byte, 1) != 1)
		return 1;
	shared[0] = 1;
	return 7;
}

CASE(urgent_task_interrupts_at_once)
{
	pid_t pid;

	share_memory();
	require(pipe(go) == 0);
	pid = start(answer_at_once);
	until_asleep(pid);
	require(write(go[1], "x", 1) == 1);
	expect(shared[0] == 1);
	expect(result_of(pid) == 7);
}

/* Write the own number behind the numbers of the others, ten times. */
static int take_turns(int number)
{
	be_urgent(4);
	while (shared[0] == 0)
		sched_yield();
	for (int i = 0; i < 10; i++) {
		shared[2 + shared[1]++] = number;
		sched_yield();
	}
	return 7;
}

CASE(equals_run_in_turn)
{
	pid_t pids[3];

	share_memory();
	be_urgent(10);
	for (int i = 0; i < 3; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(take_turns(i));
	}
	case_pause();			/* all three look now */
	shared[0] = 1;
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 7);
	expect(shared[1] == 30);
	for (int i = 3; i < 30; i++)
		expect(shared[2 + i] == shared[2 + i - 3]);
	expect(shared[2] != shared[3] && shared[3] != shared[4]);
}

static int count_up(int number)
{
	for (;;)
		shared[number]++;
}

CASE(computing_tasks_share_the_time)
{
	pid_t pids[2];

	share_memory();
	for (int i = 0; i < 2; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(count_up(i));
	}
	for (int i = 0; i < 200 && (!shared[0] || !shared[1]); i++)
		case_pause();
	expect(shared[0] > 0 && shared[1] > 0);
	for (int i = 0; i < 2; i++)
		kill_and_wait(pids[i]);
}

LAB_MAIN
