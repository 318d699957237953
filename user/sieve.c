/*
 * sieve.c - prime numbers by a chain of processes.
 *
 * The first number that a process reads from its left is a prime: no process
 * before has found a divisor. The process prints this prime, and passes on to
 * its right the numbers that the prime does not divide. When the numbers end,
 * the pipes close from left to right, and the processes end.
 *
 *	2 3 4 5 6 7 8 9 ->  [2]  -> 3 5 7 9 ->  [3]  -> 5 7 ->  [5]  -> 7 ...
 *
 * The idea is Hoare's "Communicating Sequential Processes" (1978), after
 * McIlroy. No process knows more than its prime and its two neighbours.
 */
#include <err.h>
#include <limits.h>
#include <program.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"sieve [N]\n"
	"Prints the primes up to N (or 100): one process for each of them.\n";

/*
 * Makes a pipe and a child that reads from it. Returns twice, as fork() does:
 * in the child with 0 and the end to read from, in the parent with the end to
 * write to.
 */
static pid_t make_neighbour(int *end)
{
	int fds[2];
	pid_t child;

	if (pipe(fds) < 0)
		err(1, "pipe");
	child = fork();
	if (child < 0)
		err(1, "fork");
	*end = fds[child != 0];
	/* An end left open here would keep the reader waiting for ever. */
	close(fds[child == 0]);
	return child;
}

static void send(int pipe, int number)
{
	if (write(pipe, &number, sizeof(number)) < 0)
		err(1, "pipe");
}

/* Returns the next number, or 0 when there are no more. */
static int receive(int pipe)
{
	int number = 0;

	if (read(pipe, &number, sizeof(number)) < 0)
		err(1, "pipe");
	return number;
}

/* Closes the pipe to the child, waits for the child and returns its status. */
static int end_neighbour(pid_t child, int pipe)
{
	int status;

	close(pipe);
	if (waitpid(child, &status, 0) < 0)
		err(1, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* A link of the chain. Returns the status, once in each process. */
static int filter(int left)
{
	int prime = receive(left), number, right;
	pid_t child;

	if (!prime)
		return 0;
	printf("%d\n", prime);
	if (finish(0))
		return 1;
	child = make_neighbour(&right);
	if (!child) {
		close(left);
		return filter(right);
	}
	while ((number = receive(left)))
		if (number % prime)
			send(right, number);
	return end_neighbour(child, right);
}

int main(int argc, char **argv)
{
	int first, last = 100;
	pid_t child;

	argv = parse_no_options(argc, argv, help);
	if (*argv && argv[1])
		usage('?', help);
	if (*argv)
		last = parse_number(*argv, 0, INT_MAX - 1, "number");
	child = make_neighbour(&first);
	if (!child)
		return filter(first);
	for (int number = 2; number <= last; number++)
		send(first, number);
	return end_neighbour(child, first);
}
