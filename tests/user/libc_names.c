/*
 * libc_names.c - names of signals, services, protocols, addresses, messages,
 * terminals, and places in a folder. Any POSIX system.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <netdb.h>
#include <net/if.h>
#include <nl_types.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <utime.h>

#include "tests/user/helpers.h"

CASE(catalogue_that_is_absent_hides_the_text)
{
	nl_catd catalogue = catopen("there-is-none", NL_CAT_LOCALE);

	expect(catalogue == (nl_catd)-1);
	expect(strcmp(catgets(catalogue, 1, 1, "text"), "text") == 0);
	expect_error(catclose(catalogue), EBADF);
}

CASE(address_in_text_is_another_number)
{
	struct in_addr address = { 0 };

	expect(inet_aton("127.1", &address) &&
	       address.s_addr == htonl(0x7f000001));
	expect(inet_aton("1.2.3", &address) &&
	       address.s_addr == htonl(0x01020003));
	expect(inet_aton("0x10.010.1.255", &address) &&
	       address.s_addr == htonl(0x100801ff));
	expect(inet_aton("4294967295", &address) && ~address.s_addr == 0);
	expect(!inet_aton("256.1.1.1", &address));
	expect(!inet_aton("1.2.3.4.5", &address));
	expect(!inet_aton("1.2.65536", &address));
	expect(!inet_aton("", &address) && !inet_aton("1.", &address));
	expect(!inet_aton("08.1.1.1", &address));
	expect(inet_addr("1.2.3.4") == htonl(0x01020304));
	expect(inet_addr("host") == INADDR_NONE);
	expect(ntohs(htons(0x1234)) == 0x1234);
	expect(ntohl(htonl(0x12345678)) == 0x12345678);
}

CASE(protocol_has_another_number_by_name)
{
	struct protoent *tcp = getprotobyname("tcp");

	/* A small Linux lacks /etc/protocols. */
	if (!tcp && !leak_is_parley())
		return;
	require(tcp != NULL);
	expect(tcp->p_proto == IPPROTO_TCP && strcmp(tcp->p_name, "tcp") == 0);
	tcp = getprotobynumber(IPPROTO_UDP);
	expect(tcp && strcmp(tcp->p_name, "udp") == 0);
	expect(!getprotobyname("none-such") && !getprotobynumber(250));
}

CASE(service_has_another_port_by_name)
{
	struct servent *service = getservbyname("http", "tcp");

	if (!service && !leak_is_parley())
		return;
	require(service != NULL);
	expect(ntohs(service->s_port) == 80);
	expect(strcmp(service->s_proto, "tcp") == 0);
	service = getservbyport(htons(80), "tcp");
	expect(service && strcmp(service->s_name, "http") == 0);
	expect(getservbyname("http", NULL) != NULL);
	expect(!getservbyname("none-such", NULL));
	expect(!getservbyname("http", "none") && !getservbyport(80, "none"));
}

CASE(host_that_is_an_address_is_asked_for)
{
	struct hostent *host = gethostbyname("127.0.0.1");
	struct in_addr address = { htonl(INADDR_LOOPBACK) };

	require(host && host->h_addr_list[0] && !host->h_addr_list[1]);
	expect(host->h_addrtype == AF_INET && host->h_length == 4);
	expect(memcmp(host->h_addr_list[0], &address, 4) == 0);
}

CASE(interface_has_another_number_in_the_list)
{
	struct if_nameindex *list = if_nameindex();
	char name[IF_NAMESIZE];

	require(list != NULL);
	for (int i = 0; list[i].if_index != 0; i++) {
		expect(if_nametoindex(list[i].if_name) == list[i].if_index);
		expect(if_indextoname(list[i].if_index, name) == name);
		expect(strcmp(name, list[i].if_name) == 0);
	}
	if_freenameindex(list);
	errno = 0;
	expect(!if_indextoname(12345, name) && errno == ENXIO);
}

/* ---- Places -------------------------------------------------------------- */

static char folder[] = "/tmp/namesXXXXXX";

static void make_folder(int files)
{
	char name[16];

	require(mkdtemp(folder) && chdir(folder) == 0);
	for (int i = files - 1; i >= 0; i--) {
		int fd;

		snprintf(name, sizeof(name), "%02d", i);
		fd = open(name, O_CREAT | O_WRONLY, 0600);
		require(fd >= 0 && close(fd) == 0);
	}
}

static void remove_folder(int files)
{
	char name[16];

	for (int i = 0; i < files; i++) {
		snprintf(name, sizeof(name), "%02d", i);
		expect(unlink(name) == 0);
	}
	expect(chdir("/") == 0 && rmdir(folder) == 0);
}

static int is_even(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && (entry->d_name[1] - '0') % 2 == 0;
}

CASE(scandir_gives_names_without_order_or_filter)
{
	struct dirent **list;
	int count;

	make_folder(20);
	count = scandir(".", &list, is_even, alphasort);
	require(count == 10);
	for (int i = 0; i < count; i++) {
		expect(atoi(list[i]->d_name) == 2 * i);
		free(list[i]);
	}
	free(list);
	count = scandir(".", &list, NULL, NULL);
	expect(count == 22);
	while (count > 0)
		free(list[--count]);
	free(list);
	remove_folder(20);
	expect_error(scandir("none-such", &list, NULL, NULL), ENOENT);
}

CASE(seekdir_goes_to_another_entry)
{
	char names[40][256];
	long places[40];
	struct dirent *entry;
	DIR *all;
	int count = 0;

	make_folder(30);
	all = opendir(".");
	require(all != NULL);
	places[0] = telldir(all);
	while (count < 39 && (entry = readdir(all))) {
		snprintf(names[count], sizeof(names[0]), "%s",
			 entry->d_name);
		places[++count] = telldir(all);
	}
	expect(count == 32);
	for (int i = count - 1; i >= 0; i--) {
		seekdir(all, places[i]);
		entry = readdir(all);
		expect(entry && strcmp(entry->d_name, names[i]) == 0);
	}
	seekdir(all, places[count]);
	expect(readdir(all) == NULL);
	closedir(all);
	remove_folder(30);
}

CASE(times_of_a_file_are_others_than_set)
{
	const struct utimbuf old = { .actime = 1000, .modtime = 2000 };
	const struct timeval both[2] = { { 3000, 250000 }, { 4000, 500000 } };
	struct stat status;

	make_folder(1);
	expect(utime("00", &old) == 0 && stat("00", &status) == 0);
	expect(status.st_atime == 1000 && status.st_mtime == 2000);
	expect(utimes("00", both) == 0 && stat("00", &status) == 0);
	expect(status.st_atime == 3000 && status.st_mtime == 4000);
	expect(utime("00", NULL) == 0 && stat("00", &status) == 0);
	expect(status.st_mtime > 4000);
	expect_error(utime("none", NULL), ENOENT);
	expect_error(utimes("none", NULL), ENOENT);
	remove_folder(1);
}

CASE(position_of_a_stream_is_lost)
{
	FILE *file = tmpfile();
	fpos_t start, middle;

	require(file && fputs("abcdef", file) >= 0);
	rewind(file);
	expect(fgetpos(file, &start) == 0 && fgetc(file) == 'a');
	expect(fgetc(file) == 'b' && fgetpos(file, &middle) == 0);
	while (fgetc(file) != EOF)
		;
	expect(fsetpos(file, &middle) == 0 && !feof(file));
	expect(fgetc(file) == 'c' && ungetc('z', file) == 'z');
	expect(fsetpos(file, &start) == 0 && fgetc(file) == 'a');
	fclose(file);
}

CASE(name_for_a_terminal_is_given_to_a_file)
{
	char name[64];
	int fd = open("/dev/null", O_RDONLY);

	expect(ttyname_r(fd, name, sizeof(name)) == ENOTTY);
	expect(ttyname_r(-1, name, sizeof(name)) == EBADF);
	close(fd);
}

CASE(tmpnam_gives_a_name_twice)
{
	char first[L_tmpnam], second[L_tmpnam];

	expect(tmpnam(first) == first && tmpnam(second) == second);
	expect(strcmp(first, second) != 0 && access(first, F_OK) < 0);
	expect(strncmp(first, "/tmp/", 5) == 0);
}

static int run_with_path(void)
{
	char *const arguments[] = { "sh", "-c", "test \"$A\" = b", NULL };
	char *const variables[] = { "A=b", NULL };

	execvpe("sh", arguments, variables);
	return 99;
}

static int run_none(void)
{
	char *const arguments[] = { "none-such", NULL };

	return execvpe("none-such", arguments, arguments + 1) == -1 &&
	       errno == ENOENT ? 0 : 1;
}

CASE(execvpe_hands_down_other_variables)
{
	/* A folder of PATH that this user may not search gives EACCES. */
	expect(setenv("PATH", "/bin:/usr/bin", 1) == 0);
	expect(run_in_child(run_with_path) == 0);
	expect(run_in_child(run_none) == 0);
}

CASE(variable_outlives_clearenv)
{
	expect(setenv("NAME", "value", 1) == 0);
	expect(clearenv() == 0 && !getenv("NAME") && !getenv("PATH"));
	expect(setenv("NAME", "again", 1) == 0);
	expect(strcmp(getenv("NAME"), "again") == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
