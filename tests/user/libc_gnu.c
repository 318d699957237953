/*
 * libc_gnu.c - functions that the GNU library has beside POSIX's: processors of
 * threads, copies in the caller's frame, passwords from the terminal.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/sysinfo.h>

#include "tests/user/helpers.h"
#include "tests/user/pty_session.h"

CASE(copies_in_the_frame)
{
	const char *volatile text = "a few words";

	expect(strcmp(strdupa(text), text) == 0);
	expect(strcmp(strndupa(text, 5), "a few") == 0);
	expect(strcmp(strndupa(text, 50), text) == 0);
	expect(strdupa("")[0] == '\0');
}

CASE(a_thread_runs_on_processor_0)
{
	pthread_attr_t attr;
	cpu_set_t set, got;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	require(pthread_attr_init(&attr) == 0);
	expect(pthread_attr_setaffinity_np(&attr, sizeof(set), &set) == 0);
	expect(pthread_attr_getaffinity_np(&attr, sizeof(got), &got) == 0);
	expect(CPU_ISSET(0, &got) && CPU_COUNT(&got) == 1);
	expect(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0);
	expect(pthread_getaffinity_np(pthread_self(), sizeof(got), &got) == 0);
	expect(CPU_ISSET(0, &got) && CPU_COUNT(&got) == 1);
	CPU_ZERO(&set);
	expect(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) ==
	       EINVAL);
	pthread_attr_destroy(&attr);
}

CASE(the_machine_tells_how_busy_it_is)
{
	struct sysinfo info;

	expect(sysinfo(&info) == 0);
	expect(info.uptime >= 0 && info.procs > 0);
	expect(info.freeram > 0 && info.freeram < info.totalram);
	expect(get_nprocs() >= 1 && get_nprocs_conf() >= get_nprocs());
	expect(get_phys_pages() > get_avphys_pages());
}

static int ask(void)
{
	const char *password = getpass("Password: ");

	return password && strcmp(password, "secret") == 0 ? 7 : 8;
}

CASE(a_password_is_asked_for_and_not_shown)
{
	pid_t child = start_inside(ask);

	expect(reads(master, "Password: "));
	expect(type("secret\n"));
	expect(reads(master, "\n") && !strstr(text, "secret"));
	expect(result_of(child) == 7);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
