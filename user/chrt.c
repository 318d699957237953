/*
 * chrt.c - run a program with a policy of the scheduler, or change the policy
 * of a process. As Linux's chrt.
 */
#include <err.h>
#include <limits.h>
#include <program.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] =
	"chrt [-fior] PRIORITY PROGRAM [ARGUMENT...] | "
	"chrt [-fior] -p [PRIORITY] PID\n"
	"Runs the program with this priority of SCHED_RR.\n"
	"  -f  with SCHED_FIFO\n"
	"  -i  with SCHED_IDLE; the priority is 0\n"
	"  -o  with SCHED_OTHER; the priority is 0\n"
	"  -r  with SCHED_RR\n"
	"  -p  of a running process; without a priority, print it\n";

static const struct policy {
	char option;
	int number;
	const char *name;
} policies[] = {
	{ 'f', SCHED_FIFO, "SCHED_FIFO" },
	{ 'i', SCHED_IDLE, "SCHED_IDLE" },
	{ 'o', SCHED_OTHER, "SCHED_OTHER" },
	{ 'r', SCHED_RR, "SCHED_RR" },
};

#define POLICIES	(sizeof(policies) / sizeof(policies[0]))

static const char *policy_name(int number)
{
	for (size_t i = 0; i < POLICIES; i++)
		if (policies[i].number == number)
			return policies[i].name;
	return "unknown";
}

/* The policy of this option; ends the program: there is none. */
static int policy_of(int option)
{
	for (size_t i = 0; i < POLICIES; i++)
		if (policies[i].option == option)
			return policies[i].number;
	usage(option, help);
}

static void print_policy(pid_t pid)
{
	int policy = sched_getscheduler(pid);
	struct sched_param param;

	if (policy < 0 || sched_getparam(pid, &param) < 0)
		err(1, "%d", pid);
	printf("%d: %s %d\n", pid, policy_name(policy), param.sched_priority);
}

static void set_policy(pid_t pid, int policy, const char *priority)
{
	const struct sched_param param = {
		.sched_priority = parse_number(priority, 0, 99, "priority"),
	};

	if (sched_setscheduler(pid, policy, &param) < 0)
		err(1, "%s %d", policy_name(policy), param.sched_priority);
}

int main(int argc, char **argv)
{
	int option, policy = SCHED_RR, has_pid = 0;
	pid_t pid;

	while ((option = getopt(argc, argv, "+fhiopr")) != -1) {
		if (option == 'p')
			has_pid = 1;
		else
			policy = policy_of(option);
	}
	argv += optind;
	argc -= optind;
	if (has_pid ? argc != 1 && argc != 2 : argc < 2)
		usage('?', help);
	if (!has_pid) {
		set_policy(0, policy, argv[0]);
		execute(argv + 1);
	}
	pid = parse_number(argv[argc - 1], 0, INT_MAX, "process");
	if (argc == 2)
		set_policy(pid, policy, argv[0]);
	else
		print_policy(pid);
	return finish(0);
}
