/*
 * fs_tar.c - archives good, foreign, cut short and damaged; pages of files
 * that lie in the archive.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/task/user.c
 * link: kernel/fs/contents.c kernel/fs/contents_pages.c
 * link: kernel/fs/node.c kernel/fs/path.c
 * link: kernel/fs/entry.c kernel/fs/attempt.c kernel/lib/hash.c
 * link: kernel/fs/tree.c kernel/fs/regular.c kernel/fs/directory.c
 * link: kernel/fs/tar.c
 */
#include <string.h>

#include "tests/host/stub/host.h"
#include "tests/host/stub/tree.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

#define ARCHIVE_BYTES	(1u << 16)
#define BLOCK		512

static uint8_t *archive;
static uint32_t end;			/* of the contents */

/* ---- A writer of archives -------------------------------------------- */

static void seal(uint8_t *header)
{
	uint32_t sum = 0;

	memset(header + 148, ' ', 8);
	for (int i = 0; i < BLOCK; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
}

/* A header at `end`; the bytes come behind it. */
static uint8_t *add_header(const char *name, char type, uint32_t size)
{
	uint8_t *header = archive + end;

	memset(header, 0, BLOCK);
	memcpy(header, name, strlen(name));
	snprintf((char *)header + 100, 8, "%07o", 0754);
	snprintf((char *)header + 124, 12, "%011o", size);
	snprintf((char *)header + 136, 12, "%011o", 1000000);
	header[156] = type;
	memcpy(header + 257, "ustar\00000", 8);
	seal(header);
	end += BLOCK;
	return header;
}

static void add_bytes(uint32_t size, uint8_t value)
{
	memset(archive + end, value, size);
	end += ALIGN_UP(size, BLOCK);
}

/* A pax header that brings the next file's bytes to a page. */
static void align_next(void)
{
	uint32_t gap = -(end + 2 * BLOCK) % PAGE_SIZE;

	add_header("PaxHeaders/align", 'x', gap);
	add_bytes(gap, ' ');
}

static void add_link(const char *name, char type, const char *target)
{
	uint8_t *header = add_header(name, type, 0);

	memcpy(header + 157, target, strlen(target));
	seal(header);
}

static void start_archive(void)
{
	memset(archive, 0, ARCHIVE_BYTES);
	end = 0;
	host_log[0] = '\0';
}

static void remove_all(struct node *directory)
{
	struct entry *entry, *after;

	LIST_FOR_EACH_SAFE(entry, after, &directory->children, sibling) {
		struct place place = place_in(directory, entry->name);

		if (node_is_directory(entry->node))
			remove_all(entry->node);
		entry_remove(&place);
	}
}

static struct node *node_at(const char *path)
{
	struct place place;

	return path_find_existing(NULL, path, &place) ? NULL : place.node;
}

static bool holds(const char *path, uint32_t size, uint8_t value)
{
	static uint8_t bytes[3 * PAGE_SIZE];
	struct node *node = node_at(path);

	if (!node || node_read(node, 0, bytes, sizeof(bytes)) != size)
		return false;
	for (uint32_t i = 0; i < size; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* ---- Good archives --------------------------------------------------- */

static void make_good(void)
{
	start_archive();
	add_header("bin/", '5', 0);
	align_next();
	add_header("bin/prog", '0', 5000);
	add_bytes(5000, 'p');
	add_header("README", '\0', 10);
	add_bytes(10, 'r');
	add_header("empty", '0', 0);
	add_link("lib/second", '1', "bin/prog");
	add_link("sh", '2', "bin/prog");
	end += 2 * BLOCK;
}

static void test_good(void)
{
	struct node *node;

	make_good();
	is(tar_unpack(archive, end), 6, "entries");
	ok(host_log[0] == '\0', "no_complaints");
	ok(holds("/bin/prog", 5000, 'p'), "aligned file");
	ok(holds("/README", 10, 'r'), "file that is not aligned");
	ok(holds("/empty", 0, 0), "empty file");
	ok(!node_at("/PaxHeaders"), "pax headers are no files");
	node = node_at("/bin/prog");
	ok(node_at("/lib/second") == node && node->links == 2, "hard link");
	ok(strcmp(node_at("/sh")->target, "bin/prog") == 0,
	   "symbolic link");
	is(node->contents.frames, 0, "aligned_file_is_not_copied");
	is(node->mode, S_IFREG | 0754, "mode");
	is(node->modified, 1000000 * (node_time)NSEC_PER_SEC, "time");
	is(node_at("/README")->contents.frames, 1, "the other one is");
}

static void test_pages(void)
{
	struct page_source *source = node_source(node_at("/bin/prog"));
	frame_t in_place = node_at("/bin/prog")->contents.image;
	frame_t page = source->ops->page(source, 0, false);

	is(page, in_place, "whole_page_is_mapped_in_place");
	page = source->ops->page(source, 1, false);
	ok(page != in_place + 1, "last_page_is_a_copy");
	ok(((uint8_t *)frame_to_virt(page))[5000 - PAGE_SIZE] == 0,
	   "with_zeros_behind_the_end");
	is(frame_refs(page), 1, "and its only reference the file's");
	is(source->ops->page(source, 2, false), 0, "nothing behind the end");
	page = source->ops->page(source, 0, true);
	ok(page != in_place && archive[end - 1] == 0,
	   "page_to_write_is_a_copy");
	((uint8_t *)frame_to_virt(page))[0] = 'w';
	ok(archive[(in_place - virt_to_frame(archive)) * PAGE_SIZE] == 'p',
	   "image_stays_as_it_is");
	page = source->ops->page(source, 0, false);
	ok(((uint8_t *)frame_to_virt(page))[0] == 'w',
	   "reader_sees_the_same_page");
	remove_all(root);
	is(frame_count[FRAME_FILE], 0, "all frames come back");
}

static void test_names(void)
{
	uint8_t *header;

	start_archive();
	add_header("./", '5', 0);
	add_header("./x/y/z", '0', 1);
	add_bytes(1, 'z');
	header = add_header("name", '0', 1);
	memcpy(header + 345, "long/prefix", 11);
	seal(header);
	add_bytes(1, 'n');
	header = add_header("", '0', 0);
	memset(header, 'a', 100);		/* no NUL in its field */
	seal(header);
	end += 2 * BLOCK;
	tar_unpack(archive, end);
	ok(holds("/x/y/z", 1, 'z'), "missing_directories_are_made");
	ok(!node_at("/.") || !place_in(root, ".").node, "no name is dot");
	ok(holds("/long/prefix/name", 1, 'n'), "prefix");
	ok(root->children.head.prev != &root->children.head &&
	   strlen(LIST_ENTRY(root->children.head.prev, struct entry,
			     sibling)->name) == 100,
	   "name_that_fills_its_field");
	remove_all(root);
}

/* ---- Bad archives ---------------------------------------------------- */

static bool complained_of(const char *word)
{
	return strstr(host_log, word) != NULL;
}

static void test_bad(void)
{
	make_good();
	archive[300]++;
	is(tar_unpack(archive, end), 0, "damaged header");
	ok(complained_of("byte 0: wrong checksum"), "damage_is_reported");
	make_good();
	is(tar_unpack(archive, end - 2 * BLOCK), 6, "end is missing");
	ok(complained_of("end is missing"), "missing_end_is_reported");
	remove_all(root);
	make_good();
	is(tar_unpack(archive, 2 * PAGE_SIZE), 1, "cut short");
	ok(complained_of("cut short"), "cut_archive_is_reported");
	ok(node_at("/bin") && !node_at("/bin/prog"), "what_is_fine_stays");
	remove_all(root);
	memset(archive, 'j', ARCHIVE_BYTES);
	is(tar_unpack(archive, ARCHIVE_BYTES), 0, "junk");
	ok(complained_of("not a ustar header"), "junk_is_reported");
	is(tar_unpack(archive, 100), 0, "too short for a header");
}

static void test_entries_refused(void)
{
	start_archive();
	add_header("dir", '5', 0);
	add_header("device", '3', 0);
	end += 2 * BLOCK;
	is(tar_unpack(archive, end), 1, "device");
	ok(complained_of("device: a kind"), "unknown_kind_is_reported");
	remove_all(root);
	start_archive();
	add_header("twice", '0', 0);
	add_header("twice", '0', 0);
	end += 2 * BLOCK;
	is(tar_unpack(archive, end), 1, "same name again");
	ok(complained_of("two entries of one name"), "second is reported");
	remove_all(root);
	start_archive();
	add_header("../../up", '0', 0);
	add_header("a/..", '0', 0);
	end += 2 * BLOCK;
	tar_unpack(archive, end);
	ok(node_at("/up"), "dot_dot_stays_inside_the_root");
	remove_all(root);
	start_archive();
	memcpy(add_header("huge", '0', 0) + 124, "77777777777", 11);
	seal(archive);
	end += 2 * BLOCK;
	is(tar_unpack(archive, end), 0, "size_larger_than_the_archive");
	start_archive();
	memset(add_header("binary", '0', 0) + 124, 0x80, 12);
	seal(archive);
	end += 2 * BLOCK;
	is(tar_unpack(archive, end), 0, "binary size");
	ok(complained_of("bad size"), "is reported");
}

/* Damage with a right checksum: the tree may be nonsense, but no access leaves
 * the archive (the sanitizers watch) and no memory is lost. */
static void test_damage(void)
{
	bool good = true;

	for (int i = 0; i < 3000; i++) {
		make_good();
		for (uint32_t n = host_random(4) + 1; n > 0; n--)
			archive[host_random(5) * BLOCK + host_random(BLOCK)] =
				host_random(2) ? '0' + host_random(10)
					       : host_random(256);
		if (host_random(2))
			seal(archive);
		tar_unpack(archive, host_random(end + 1));
		remove_all(root);
		good = good && frame_count[FRAME_FILE] == 0;
	}
	ok(good, "3,000 damaged archives");
}

int main(void)
{
	uint32_t objects;

	host_init(500);
	archive = host_boot_memory(ARCHIVE_BYTES);
	root = node_create(S_IFDIR | 0755);
	root->links++;
	memory_root.root = root;
	objects = object_count;
	test_good();
	test_pages();
	test_names();
	test_bad();
	test_entries_refused();
	test_damage();
	is(object_count, objects, "leak 0: objects");
	return tap_done();
}
