/*
 * foreman.c - jobs for workers, by signals alone.
 *
 *	foreman -> worker	JOB with its number; SIGTERM: go home
 *	worker -> foreman	DONE with the answer; SIGCHLD at its end
 *
 * JOB and DONE are real-time signals: queued, in order, with a value and the
 * sender. All four signals are blocked and taken by sigwaitinfo(). So no
 * handler interrupts the program, and no signal comes too early.
 */
#include <err.h>
#include <program.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"foreman [-k JOB] [-n JOBS]\n"
	"Three workers count primes, one thousand numbers a job (8, or JOBS).\n"
	"-k: whoever gets that job first dies of it; another one is hired,\n"
	"and the job is not lost. SIGTERM: no new jobs, then all go home.\n";

#define JOB	SIGRTMIN
#define DONE	(SIGRTMIN + 1)
#define WORKERS	3

static struct worker {
	pid_t pid;
	int job;			/* 0: has none */
} workers[WORKERS];

static int jobs = 8, given, deadly, busy, total;
static sigset_t signals;

static void send(pid_t to, int signal, int value)
{
	sigqueue(to, signal, (union sigval){ .sival_int = value });
}

static int primes_in(int job)
{
	int count = 0, divisor;

	for (int n = job * 1000 - 999; n <= job * 1000; n++) {
		for (divisor = 2; divisor * divisor <= n; divisor++)
			if (n % divisor == 0)
				break;
		count += n > 1 && divisor * divisor > n;
	}
	return count;
}

static _Noreturn void work(void)
{
	siginfo_t info;

	while (sigwaitinfo(&signals, &info) == JOB) {
		if (info.si_value.sival_int == deadly)
			raise(SIGKILL);
		send(getppid(), DONE, primes_in(info.si_value.sival_int));
	}
	_exit(0);			/* SIGTERM */
}

static void hire(struct worker *worker)
{
	worker->pid = fork();
	if (worker->pid < 0)
		err(1, "fork");
	if (worker->pid == 0)
		work();
	if (worker->job)
		send(worker->pid, JOB, worker->job);
}

static void give_next(struct worker *worker)
{
	worker->job = given < jobs ? ++given : 0;
	if (worker->job)
		send(worker->pid, JOB, worker->job);
	else
		busy--;
}

static void take_answer(const siginfo_t *info)
{
	struct worker *worker = workers;

	while (worker->pid != info->si_pid)
		worker++;
	printf("job %d: %d primes\n", worker->job, info->si_value.sival_int);
	total += info->si_value.sival_int;
	give_next(worker);
}

/* One SIGCHLD may stand for several. */
static void replace_the_dead(void)
{
	struct worker *worker;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		for (worker = workers; worker->pid != pid; worker++)
			continue;
		printf("job %d: its worker died\n", worker->job);
		deadly = 0;
		hire(worker);
	}
}

int main(int argc, char **argv)
{
	siginfo_t info;
	int option;

	while ((option = getopt(argc, argv, "hk:n:")) != -1) {
		if (option == 'k')
			deadly = atoi(optarg);
		else if (option == 'n')
			jobs = atoi(optarg);
		else
			usage(option, help);
	}
	sigemptyset(&signals);
	sigaddset(&signals, JOB);
	sigaddset(&signals, DONE);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (busy = 0; busy < WORKERS; busy++)
		hire(&workers[busy]);
	for (int i = 0; i < WORKERS; i++)
		give_next(&workers[i]);
	while (busy > 0 && sigwaitinfo(&signals, &info) > 0) {
		if (info.si_signo == DONE)
			take_answer(&info);
		else if (info.si_signo == SIGCHLD)
			replace_the_dead();
		else
			jobs = given;
	}
	for (int i = 0; i < WORKERS; i++)
		kill(workers[i].pid, SIGTERM);
	while (wait(NULL) > 0)
		continue;
	printf("%d primes in all\n", total);
	return finish(0);
}
