/* knot.c - make a deadlock, have it explained, cut it. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_mutex_t *locks;

static pid_t start(int first)
{
	pid_t pid = fork();

	if (pid == 0) {
		pthread_mutex_lock(&locks[first]);
		usleep(10000);
		pthread_mutex_lock(&locks[!first]);
		_exit(0);
	}
	return pid;
}

int main(void)
{
	char command[64];
	pid_t a, b;

	locks = mmap(NULL, 2 * sizeof(*locks), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutex_init(&locks[0], NULL);
	pthread_mutex_init(&locks[1], NULL);
	a = start(0);
	b = start(1);
	usleep(50000);
	snprintf(command, sizeof(command),
		 "why %d | grep -o deadlock | head -n 1", (int)a);
	system(command);
	kill(a, SIGKILL);
	kill(b, SIGKILL);
	return 0;
}
