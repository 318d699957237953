/*
 * tar.c - the first file tree, from the boot loader's archive.
 *
 * The format is ustar (POSIX pax): a header of 512 bytes, then the file's
 * bytes padded to 512. The build packs the archive so that the bytes of each
 * file start on a page boundary; such a file refers to the bytes where they
 * are, without a copy. Only an unaligned archive from elsewhere costs a copy.
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

#define BLOCK 512u

/* [const] The layout of ustar; the archive never changes. */
struct tar_header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[100];
	char magic[6];
	char version[2];
	char user[32];
	char group[32];
	char device[16];
	char prefix[155];
	char pad[12];
};

enum tar_type {
	TAR_FILE = '0',
	TAR_OLD_FILE = '\0',
	TAR_LINK = '1',			/* a second name of a file before */
	TAR_SYMLINK = '2',
	TAR_DIRECTORY = '5',
	TAR_NEXT_HEADER = 'x',		/* pax records: nothing we need */
	TAR_GLOBAL_HEADER = 'g',
};

/* An octal number in a field; false for characters that are no digits. */
static bool get_number(const char *field, size_t size, uint32_t *out)
{
	uint32_t number = 0;
	bool fits = true;
	size_t i = 0;

	while (i < size && field[i] == ' ')
		i++;
	for (; i < size && field[i] >= '0' && field[i] <= '7'; i++) {
		fits = fits && number <= UINT32_MAX >> 3;
		number = number << 3 | (field[i] - '0');
	}
	*out = number;
	return fits && (i == size || field[i] == ' ' || field[i] == '\0');
}

/*
 * The sum of all bytes, with spaces in place of the checksum. Boot time depends
 * on this loop, so the loop takes four bytes at a time, in two sums of two
 * 16-bit lanes (a lane holds 128 bytes at most), and steps over zeros: most of
 * a header.
 */
static uint32_t sum_of(const struct tar_header *header)
{
	const uint32_t *word = (const void *)header;
	const uint32_t *end = word + BLOCK / sizeof(*word);
	uint32_t even = 0, odd = 0, sum;
	size_t i;

	for (; word < end; word += 4) {
		if (!(word[0] | word[1] | word[2] | word[3]))
			continue;
		for (i = 0; i < 4; i++) {
			even += word[i] & 0x00ff00ff;
			odd += word[i] >> 8 & 0x00ff00ff;
		}
	}
	sum = (even & 0xffff) + (even >> 16) + (odd & 0xffff) + (odd >> 16);
	for (i = 0; i < sizeof(header->checksum); i++)
		sum += ' ' - (uint8_t)header->checksum[i];
	return sum;
}

/* NULL if the header is good and the entry fits into `room` bytes, else the
 * error in words. *size_out is the size of the file. */
static const char *check_header(const struct tar_header *header, size_t room,
				uint32_t *size_out)
{
	uint32_t checksum;

	if (memcmp(header->magic, "ustar", 5) != 0)
		return "not a ustar header";
	if (!get_number(header->checksum, sizeof(header->checksum),
			&checksum) || checksum != sum_of(header))
		return "wrong checksum";
	if (!get_number(header->size, sizeof(header->size), size_out))
		return "a bad size";
	if (*size_out > room - BLOCK)
		return "cut short";
	return NULL;
}

/* Copy a name that may fill a field without a NUL; returns the end of the copy.
 */
static char *get_name(char *to, const char *field, size_t size)
{
	size_t length = strnlen(field, size);

	memcpy(to, field, length);
	return to + length;
}

/* The path of an entry without slashes at the end; returns the length. */
static size_t full_name(const struct tar_header *header, char *to)
{
	char *end = to;

	if (header->prefix[0]) {
		end = get_name(end, header->prefix, sizeof(header->prefix));
		*end++ = '/';
	}
	end = get_name(end, header->name, sizeof(header->name));
	while (end > to && end[-1] == '/')
		end--;
	*end = '\0';
	return end - to;
}

static int fill(struct node *node, const uint8_t *bytes, uint32_t size)
{
	ssize_t done;

	if (virt_to_phys(bytes) % PAGE_SIZE == 0) {
		contents_set_image(&node->contents, virt_to_frame(bytes), size);
		return 0;
	}
	done = contents_write(&node->contents, 0, (uintptr_t)bytes, size,
			      contents_from_kernel);
	return done == size ? 0 : -ENOSPC;
}

/* Make the missing directories above the last name of path. */
static int make_parents(char *path)
{
	char *slash = path;
	int error = 0;

	while (!error && (slash = strchr(slash + 1, '/'))) {
		struct place place;
		struct node *made;

		*slash = '\0';
		error = path_find(NULL, path, &place);
		if (!error && !place.node)
			error = tree_create(&place, S_IFDIR | 0755, &made);
		*slash = '/';
	}
	return error;
}

/* The place of a path, below directories that exist now. */
static int make_place(char *path, struct place *place)
{
	int error = path_find(NULL, path, place);

	if (error == -ENOENT) {
		error = make_parents(path);
		if (!error)
			error = path_find(NULL, path, place);
	}
	return error;
}

static int make_node(char *path, mode_t mode, struct node **out)
{
	struct place place;
	int error = make_place(path, &place);

	if (error)
		return error;
	*out = place.node;
	if (!place.node)
		return tree_create(&place, mode, out);
	if ((mode & S_IFMT) == S_IFDIR && node_is_directory(place.node))
		return 0;
	return -EEXIST;
}

/* Make the file or directory of the header, with `size` bytes at `bytes`. */
static int add_entry(const struct tar_header *header, char *path,
		     const uint8_t *bytes, uint32_t size)
{
	bool is_directory = header->type == TAR_DIRECTORY;
	uint32_t mode, mtime;
	struct node *node;
	int error;

	if (!get_number(header->mode, sizeof(header->mode), &mode) ||
	    !get_number(header->mtime, sizeof(header->mtime), &mtime))
		return -EINVAL;
	mode &= 07777;
	error = make_node(path, (is_directory ? S_IFDIR : S_IFREG) | mode,
			  &node);
	if (error)
		return error;
	node->mode = (node->mode & S_IFMT) | mode;
	if (!is_directory && size)
		error = fill(node, bytes, size);
	if (mtime)
		node->modified = mtime * (node_time)NSEC_PER_SEC;
	return error;
}

/* A further name for a file, or a symbolic link. */
static int add_link(const struct tar_header *header, char *path)
{
	char target[sizeof(header->link) + 1];
	struct place place, old;
	int error = make_place(path, &place);

	*get_name(target, header->link, sizeof(header->link)) = '\0';
	if (error || place.node)
		return error ? error : -EEXIST;
	if (header->type == TAR_SYMLINK)
		return *target ? tree_symlink(&place, target) : -EINVAL;
	error = path_find(node_root(), target, &old);
	return error ? error : tree_link(&old, &place);
}

/* Add the entry of this header; NULL, or the error in words. */
static const char *unpack_entry(const struct tar_header *header,
				uint32_t size)
{
	char path[sizeof(header->prefix) + sizeof(header->name) + 2];
	const uint8_t *bytes = (const uint8_t *)header + BLOCK;
	bool is_link = header->type == TAR_LINK || header->type == TAR_SYMLINK;

	if (!is_link && header->type != TAR_FILE &&
	    header->type != TAR_OLD_FILE && header->type != TAR_DIRECTORY)
		return "a kind of entry that Parley does not know";
	if (full_name(header, path) == 0)
		return "an entry without a name";
	switch (is_link ? add_link(header, path)
			: add_entry(header, path, bytes, size)) {
	case 0:
		return NULL;
	case -ENOMEM:
	case -ENOSPC:
		return "no memory for it";
	case -EEXIST:
		return "two entries of one name";
	default:
		return "a bad name or number";
	}
}

static bool is_pax(const struct tar_header *header)
{
	return header->type == TAR_NEXT_HEADER ||
	       header->type == TAR_GLOBAL_HEADER;
}

static bool is_end(const struct tar_header *header)
{
	return header->name[0] == '\0' && header->magic[0] == '\0';
}

int tar_unpack(const uint8_t *archive, size_t bytes)
{
	uint32_t size, at = 0;
	int entries = 0;

	for (; at + BLOCK <= bytes; at += BLOCK + ALIGN_UP(size, BLOCK)) {
		const void *block = archive + at;
		const struct tar_header *header = block;
		const char *fault;

		if (is_end(header))
			return entries;
		fault = check_header(header, bytes - at, &size);
		if (fault) {
			printk("initrd: byte %u: %s\n", at, fault);
			return entries;
		}
		if (is_pax(header))
			continue;
		fault = unpack_entry(header, size);
		if (fault)
			printk("initrd: %.100s: %s\n", header->name, fault);
		else
			entries++;
	}
	printk("initrd: the end is missing\n");
	return entries;
}
