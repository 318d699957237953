/*
 * fs_long.c - names and files that give the file system much to do: the
 * results are right, and the calls let other tasks run in between.
 *
 * tests/tools/latency runs this file in memory and on a crowded disk, with a
 * clock that counts instructions, and looks at the longest stretch without a
 * chance to switch.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#include "tests/user/helpers.h"

#define NAMES	600
#define BLOCK	4096
#define TEXT	((PATH_MAX - 10) / 5 * 5)	/* of a link, but for its end */

static char path[PATH_MAX];

/* `part` again and again, up to the longest path. */
static void repeat(const char *part)
{
	size_t length = strlen(part), at;

	for (at = 0; at + length < sizeof(path) - 1; at += length)
		memcpy(path + at, part, length);
	path[at] = '\0';
}

static const char *long_name(unsigned number)
{
	static char name[NAME_MAX + 1];

	snprintf(name, sizeof(name), "%0250u", number);
	return name;
}

CASE(long_path_leads_to_its_file)
{
	struct stat here, there;

	require(mkdir("d", 0700) == 0 && stat(".", &here) == 0);
	repeat("./");
	expect(stat(path, &there) == 0 && there.st_ino == here.st_ino);
	repeat("d/../");
	expect(stat(path, &there) == 0 && there.st_ino == here.st_ino);
	expect(rename(path, path) < 0);
	expect(rmdir("d") == 0);
}

CASE(deep_path_leads_to_its_file)
{
	struct stat status;
	unsigned depth, i;

	for (depth = 0; depth < 300; depth++)
		require(mkdir("d", 0700) == 0 && chdir("d") == 0);
	for (i = 0; i < depth; i++)
		require(chdir("..") == 0);
	for (i = 0; i < depth; i++)
		memcpy(path + 2 * i, "d/", 3);
	expect(stat(path, &status) == 0 && S_ISDIR(status.st_mode));
	for (; depth > 0; depth--) {
		path[2 * depth] = '\0';
		expect(rmdir(path) == 0);
	}
}

CASE(links_of_long_texts_lead_to_their_file)
{
	char name[] = "l0", next[sizeof(name)];
	struct stat status;
	char text[PATH_MAX] = "";
	unsigned i;

	require(mkdir("d", 0700) == 0);
	for (i = 0; i < 8; i++) {
		for (size_t at = 0; at < TEXT; at += 5)
			memcpy(text + at, "d/../", 6);
		snprintf(next, sizeof(next), "l%u", i + 1);
		strcpy(text + TEXT, i < 7 ? next : "d");
		name[1] = '0' + i;
		require(symlink(text, name) == 0);
	}
	expect(stat("l0", &status) == 0 && S_ISDIR(status.st_mode));
	expect(open("l0/no", O_RDONLY) < 0 && errno == ENOENT);
	for (i = 0; i < 8; i++) {
		name[1] = '0' + i;
		expect(unlink(name) == 0);
	}
	expect(rmdir("d") == 0);
}

CASE(many_long_names_come_move_and_go)
{
	char other[NAME_MAX + 1];
	unsigned i;
	int fd;

	require(mkdir("many_long", 0700) == 0 && chdir("many_long") == 0);
	for (i = 0; i < NAMES; i++) {
		fd = open(long_name(i), O_CREAT | O_EXCL | O_WRONLY, 0600);
		expect(fd >= 0 && close(fd) == 0);
	}
	for (i = 0; i < NAMES; i += 8) {
		strcpy(other, long_name(i));
		expect(rename(other, long_name(i + NAMES)) == 0);
		expect(link(long_name(i + NAMES), other) == 0);
		expect(unlink(long_name(i + NAMES)) == 0);
	}
	for (i = 0; i < NAMES; i++)
		expect(unlink(long_name(i)) == 0);
	expect(chdir("..") == 0 && rmdir("many_long") == 0);
}

/* A block of a disk's directory has room for 340 names as short as these. */
static const char *short_name(unsigned folder, unsigned number)
{
	static char name[16];

	snprintf(name, sizeof(name), "%c/%03x", 'a' + folder, number);
	return name;
}

CASE(many_short_names_come_move_and_go)
{
	static const unsigned count[] = { 300, 600 };
	char old[16];
	unsigned folder, i;

	for (folder = 0; folder < 2; folder++) {
		require(mkdir((char[]){ 'a' + folder, '\0' }, 0700) == 0);
		for (i = 0; i < count[folder]; i++)
			expect(mkdir(short_name(folder, i), 0700) == 0);
	}
	for (folder = 0; folder < 2; folder++)
		for (i = 3; i < count[folder]; i += 9) {
			strcpy(old, short_name(folder, i));
			expect(rename(old, short_name(folder, 2000 + i)) == 0);
			strcpy(old, short_name(folder, 2000 + i));
			expect(rename(old, short_name(!folder, 2000 + i)) == 0);
			strcpy(old, short_name(!folder, 2000 + i));
			expect(rename(old, short_name(folder, i)) == 0);
			expect(access(old, F_OK) < 0 && errno == ENOENT);
		}
	for (folder = 0; folder < 2; folder++) {
		for (i = 0; i < count[folder]; i++)
			expect(rmdir(short_name(folder, i)) == 0);
		expect(rmdir((char[]){ 'a' + folder, '\0' }) == 0);
	}
}

/* A byte in a block of each kind: none, one and two indirect blocks. */
CASE(file_of_many_holes_becomes_short)
{
	int fd = open("holes", O_CREAT | O_RDWR, 0600);
	unsigned i;

	require(fd >= 0);
	for (i = 0; i < 300; i++)
		expect(pwrite(fd, "x", 1, (off_t)i * 700 * BLOCK) == 1);
	for (i = 0; i < 300; i += 50)
		expect(ftruncate(fd, (off_t)(300 - i) * 700 * BLOCK) == 0);
	expect(fsync(fd) == 0);
	expect(ftruncate(fd, 0) == 0 && close(fd) == 0);
	expect(unlink("holes") == 0);
}

CASE(full_file_system_says_so)
{
	static char bytes[64 * 1024];
	struct statvfs status;
	int fd = open("full", O_CREAT | O_RDWR, 0600);
	ssize_t done;
	off_t most;

	require(fd >= 0 && statvfs(".", &status) == 0);
	most = (off_t)status.f_bavail * status.f_frsize;
	if (most > 16 << 20)
		most = 16 << 20;
	while (most > 0 && (done = write(fd, bytes, sizeof(bytes))) > 0)
		most -= done;
	expect(fsync(fd) == 0);
	expect(unlink("full") == 0 && close(fd) == 0);
}

CASE(mapping_of_a_file_is_written_back)
{
	enum { BYTES = 4 << 20 };
	int fd = open("mapped", O_CREAT | O_RDWR, 0600);
	char *at;

	require(fd >= 0 && ftruncate(fd, BYTES) == 0);
	at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	require(at != MAP_FAILED);
	memset(at, 'x', BYTES);
	expect(msync(at, BYTES, MS_SYNC) == 0);
	memset(at, 'y', BYTES);
	expect(ftruncate(fd, BYTES / 2) == 0);
	expect(munmap(at, BYTES) == 0 && fsync(fd) == 0);
	expect(close(fd) == 0 && unlink("mapped") == 0);
}

static volatile char *views[900];

static bool views_show(char byte)
{
	unsigned i;

	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if (*views[i] != byte)
			return false;
	return true;
}

CASE(page_of_many_mappings_shows_each_write)
{
	int fd = open("viewed", O_CREAT | O_RDWR, 0600);
	unsigned i;

	require(fd >= 0 && ftruncate(fd, 2 * BLOCK) == 0);
	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		views[i] = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED,
				fd, BLOCK);
		require(views[i] != MAP_FAILED);
	}
	expect(views_show('\0'));
	expect(pwrite(fd, "x", 1, BLOCK) == 1 && views_show('x'));
	*views[7] = 'y';
	expect(fsync(fd) == 0 && views_show('y'));
	*views[8] = 'z';
	expect(fsync(fd) == 0 && views_show('z'));
	expect(ftruncate(fd, 0) == 0 && ftruncate(fd, 2 * BLOCK) == 0);
	expect(views_show('\0'));
	*views[9] = 'w';
	expect(views_show('w'));
	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		expect(munmap((void *)views[i], BLOCK) == 0);
	expect(close(fd) == 0 && unlink("viewed") == 0);
}

enum { READERS = 40, READS = 40, READ_BLOCKS = 5000 };

/* The file is larger than the cache of a disk. */
static int read_here_and_there(void)
{
	int fd = open("crowd.bytes", O_RDONLY);
	unsigned i, block, found;

	if (fd < 0)
		return 1;
	for (i = 0; i < READS; i++) {
		block = (getpid() * 617u + i * 131) % READ_BLOCKS;
		if (pread(fd, &found, sizeof(found), (off_t)block * BLOCK) !=
		    sizeof(found) || found != block)
			return 2;
	}
	return 0;
}

CASE(many_readers_wait_at_once)
{
	static unsigned bytes[BLOCK / sizeof(unsigned)];
	int fd = open("crowd.bytes", O_CREAT | O_WRONLY, 0600);
	pid_t readers[READERS];
	unsigned i;

	require(fd >= 0);
	for (i = 0; i < READ_BLOCKS; i++) {
		bytes[0] = i;
		require(write(fd, bytes, sizeof(bytes)) == sizeof(bytes));
	}
	expect(fsync(fd) == 0 && close(fd) == 0);
	for (i = 0; i < READERS; i++)
		readers[i] = start(read_here_and_there);
	for (i = 0; i < READERS; i++)
		expect(result_of(readers[i]) == 0);
	expect(unlink("crowd.bytes") == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
