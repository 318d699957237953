/*
 * fsck.c - say whether the file system of a disk is whole.
 *
 * A file system of ext3 has its state in its first block. This program reads
 * the state and repairs nothing: a disk is repaired by e2fsck on the host,
 * while the machine is off. The status is that of fsck on other systems.
 */
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"fsck [DISK]\n"
	"Says whether the file system of a disk (/dev/disk) is whole.\n"
	"To repair the disk, run e2fsck on the host, with the machine off.\n";

#define STATE_WHOLE	0
#define STATE_ERRORS	4	/* left uncorrected */
#define FAILURE		8

#define SUPER_OFFSET	1024
#define MAGIC		0xef53
#define HAS_ERRORS	2	/* of the state */
#define RECOVER		4	/* an incompatible feature: in use */

/* Words of 32 bits in the superblock. */
enum { INODES, BLOCKS, FREE_BLOCKS = 3, FREE_INODES, STATE = 14,
       INCOMPATIBLE = 24, WORDS = 256 };

static bool is_mounted(const char *disk)
{
	char line[1200];
	size_t length = strlen(disk);
	bool found = false;
	FILE *file = fopen("/proc/mounts", "r");

	while (file && fgets(line, sizeof(line), file))
		found |= strncmp(line, disk, length) == 0 &&
			 line[length] == '\t';
	if (file)
		fclose(file);
	return found;
}

static const char *state_of(const uint32_t *words, const char *disk)
{
	if (words[STATE] >> 16 & HAS_ERRORS)
		return "has errors: run e2fsck on the host";
	if (is_mounted(disk))
		return "mounted";
	if (words[INCOMPATIBLE] & RECOVER)
		return "not unmounted: the next mount recovers the journal";
	return "clean";
}

int main(int argc, char **argv)
{
	char **words = parse_no_options(argc, argv, help);
	const char *disk = *words ? *words : "/dev/disk";
	static uint32_t super[WORDS];
	int fd;

	if (*words && words[1])
		usage('?', help);
	fd = open(disk, O_RDONLY);
	if (fd < 0 || lseek(fd, SUPER_OFFSET, SEEK_SET) < 0 ||
	    read(fd, super, sizeof(super)) != sizeof(super))
		err(FAILURE, "%s", disk);
	if ((super[STATE] & 0xffff) != MAGIC)
		errx(FAILURE, "%s: no file system of ext3", disk);
	printf("%s: %s, %u/%u files, %u/%u blocks\n", disk,
	       state_of(super, disk), super[INODES] - super[FREE_INODES],
	       super[INODES], super[BLOCKS] - super[FREE_BLOCKS],
	       super[BLOCKS]);
	return finish(super[STATE] >> 16 & HAS_ERRORS ? STATE_ERRORS
						      : STATE_WHOLE);
}
