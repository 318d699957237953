/*
 * abuse_elf.c - false program files: each field of the headers, each length,
 * random bytes.
 *
 * The test makes a correct file: two headers, room for more segments, and ten
 * instructions, which exit with status 42. When exec refuses a file, the caller
 * gets an errno and goes on. A program from an accepted file may harm only its
 * own process.
 */
#include <stdint.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define PLACE		0x00810000u
#define CODE_AT		0x400u
#define SEGMENTS	20

struct segment {
	uint32_t type, offset, va, pa, file_bytes, memory_bytes, flags, align;
};

static struct image {
	uint8_t magic[4], class, endian, version, rest[9];
	uint16_t type, machine;
	uint32_t version2, entry, program_at, section_at, flags;
	uint16_t header_bytes, program_bytes, program_count;
	uint16_t section_bytes, section_count, section_names;
	struct segment segments[SEGMENTS];
	uint8_t padding[CODE_AT - 52 - SEGMENTS * 32];
	uint8_t code[0x100];
} image;

static const char file[] = "/tmp/abuse_elf";

/* push $42; push $0; mov %esp, %ecx; xor %eax, %eax; int $0x80 */
static const uint8_t exit_42[] = {
	0x6a, 42, 0x6a, 0, 0x89, 0xe1, 0x31, 0xc0, 0xcd, 0x80,
};

static void make_honest(void)
{
	memset(&image, 0, sizeof(image));
	memcpy(image.magic, "\177ELF", 4);
	image.class = image.endian = image.version = 1;
	image.type = 2;
	image.machine = 3;
	image.version2 = 1;
	image.entry = PLACE + CODE_AT;
	image.program_at = 52;
	image.header_bytes = 52;
	image.program_bytes = 32;
	image.program_count = 1;
	image.segments[0] = (struct segment){
		1, 0, PLACE, PLACE, sizeof(image), sizeof(image), 5, 4096,
	};
	memcpy(image.code, exit_42, sizeof(exit_42));
}

/* The result of the program, or the errno of execve() plus 1000. */
static int run_file(const void *bytes, size_t size)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0700);
	pid_t child;
	int result;

	require(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	close(fd);
	child = fork_or_fail();
	if (child == 0) {
		execve(file, NULL, NULL);
		kill(getpid(), 0);	/* still here, and well */
		_exit(100 + errno);
	}
	result = result_of(child);
	unlink(file);
	return result >= 100 ? result + 900 : result;
}

static int run_image(void)
{
	return run_file(&image, sizeof(image));
}

CASE(honest_file_runs)
{
	make_honest();
	expect(run_image() == 42);
	image.program_count = SEGMENTS - 4;	/* the rest of them: no type */
	expect(run_image() == 42);
}

CASE(registers_are_zero_at_the_start)
{
	/* or all into eax; push eax; push 0; mov esp, ecx; exit(eax) */
	static const uint8_t code[] = {
		0x09, 0xd8, 0x09, 0xc8, 0x09, 0xd0, 0x09, 0xf0, 0x09, 0xf8,
		0x09, 0xe8, 0x85, 0xc0, 0x0f, 0x95, 0xc0, 0x50, 0x6a, 0,
		0x89, 0xe1, 0x31, 0xc0, 0xcd, 0x80,
	};

	make_honest();
	memcpy(image.code, code, sizeof(code));
	expect(run_image() == 0);
}

/* ---- One field ----------------------------------------------------------- */

struct lie {
	const char *name;
	uint16_t offset, bytes;
	uint32_t value;
};

#define LIE(field, value) \
	{ #field " = " #value, offsetof(struct image, field), \
	  sizeof(image.field), value }

/* None of these is a program. */
static const struct lie headers[] = {
	LIE(magic[0], 0), LIE(magic[3], 'G'), LIE(class, 0), LIE(class, 2),
	LIE(endian, 2), LIE(endian, 0), LIE(type, 0), LIE(type, 1),
	LIE(type, 3), LIE(type, 4), LIE(type, 0xffff), LIE(machine, 0),
	LIE(machine, 62), LIE(machine, 0xffff), LIE(program_bytes, 0),
	LIE(program_bytes, 1), LIE(program_bytes, 31), LIE(program_bytes, 33),
	LIE(program_bytes, 0xffff), LIE(program_count, 0),
	LIE(program_count, 0xffff), LIE(program_at, sizeof(image)),
	LIE(program_at, sizeof(image) - 31), LIE(program_at, 0x7fffffff),
	LIE(program_at, 0x80000000), LIE(program_at, 0xffffffff),
	LIE(program_at, 0xffffffe0), LIE(program_at, 0xfffffff0),
	LIE(entry, 0), LIE(entry, 1), LIE(entry, PLACE - 1),
	LIE(entry, PLACE + sizeof(image)), LIE(entry, 0xbfffffff),
	LIE(entry, 0xc0000000), LIE(entry, 0xc0100000), LIE(entry, 0xffffffff),
};

static const struct lie segments[] = {
	LIE(segments[0].type, 0), LIE(segments[0].type, 2),
	LIE(segments[0].type, 0xffffffff),
	LIE(segments[0].offset, 0x10000), LIE(segments[0].offset, 0x7ffff000),
	LIE(segments[0].offset, 0xfffff000), LIE(segments[0].offset, 4),
	LIE(segments[0].va, 0), LIE(segments[0].va, 0x1000),
	LIE(segments[0].va, 0xf000), LIE(segments[0].va, 0xc0000000),
	LIE(segments[0].va, 0xc0100000), LIE(segments[0].va, 0xbffff000),
	LIE(segments[0].va, 0xfffff000), LIE(segments[0].va, PLACE + 1),
	LIE(segments[0].va, 0x20000), LIE(segments[0].va, 0x80f000),
	LIE(segments[0].file_bytes, sizeof(image) + 1),
	LIE(segments[0].file_bytes, 0x7fffffff),
	LIE(segments[0].file_bytes, 0xffffffff),
	LIE(segments[0].file_bytes, 0), LIE(segments[0].file_bytes, CODE_AT),
	LIE(segments[0].memory_bytes, 0), LIE(segments[0].memory_bytes, 1),
	LIE(segments[0].memory_bytes, sizeof(image) - 1),
	LIE(segments[0].memory_bytes, 0x7fffffff),
	LIE(segments[0].memory_bytes, 0x80000000),
	LIE(segments[0].memory_bytes, 0xbf000000),
	LIE(segments[0].memory_bytes, 0xfffff000),
	LIE(segments[0].memory_bytes, 0xffffffff),
	LIE(segments[0].flags, 0), LIE(segments[0].flags, 4),
	LIE(segments[0].flags, 6),
};

static void tell(const struct lie *lie)
{
	make_honest();
	memcpy((char *)&image + lie->offset, &lie->value, lie->bytes);
}

static void expect_refused(const struct lie *lie)
{
	int result = run_image();

	if (result == 1000 + ENOEXEC || result == 1000 + ENOMEM)
		return;
	printf("# %s: %d\n", lie->name, result);
	fflush(stdout);
	case_failed = 1;
}

CASE(lies_in_the_header_are_enoexec)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		tell(&headers[i]);
		expect_refused(&headers[i]);
	}
}

CASE(lies_in_a_segment_are_enoexec)
{
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
		tell(&segments[i]);
		expect_refused(&segments[i]);
	}
}

/* They lie above the arguments, in the stack. */
CASE(variables_of_threads_have_room_or_are_enomem)
{
	static const uint32_t good[] = { 0, 1, 65, 4096, 100001, 1 << 20 };
	static const uint32_t bad[] = {
		0x7ff000, 0x800000, 0x7fffffff, 0x80000000, 0xffffffc0,
		0xffffffff,
	};

	make_honest();
	image.program_count = 2;
	image.segments[1].type = 7;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		image.segments[1].memory_bytes = good[i];
		expect(run_image() == 42);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		image.segments[1].memory_bytes = bad[i];
		expect(run_image() == 1000 + ENOMEM);
	}
}

/* ---- Several segments ---------------------------------------------------- */

static void add_segment(uint32_t va, uint32_t bytes, uint32_t flags)
{
	image.segments[image.program_count++] = (struct segment){
		1, 0, va, va, 100, bytes, flags, 4096,
	};
}

CASE(overlapping_segments_are_enoexec)
{
	make_honest();
	add_segment(PLACE, 100, 6);
	expect(run_image() == 1000 + ENOEXEC);
	make_honest();
	image.segments[0].memory_bytes = 0x3000;
	add_segment(PLACE + 0x2000, 0x1000, 6);
	expect(run_image() == 1000 + ENOEXEC);
}

CASE(segments_in_wrong_order_are_enoexec_or_run)
{
	int result;

	make_honest();
	image.program_count = 0;
	add_segment(PLACE + 0x10000, 100, 6);
	image.segments[image.program_count++] = (struct segment){
		1, 0, PLACE, PLACE, sizeof(image), sizeof(image), 5, 4096,
	};
	result = run_image();
	expect(result == 42 || result == 1000 + ENOEXEC);
}

CASE(empty_segments_are_left_out)
{
	make_honest();
	add_segment(0xc0000000, 0, 7);
	image.segments[1].file_bytes = 0;
	expect(run_image() == 42);
}

CASE(sixteen_segments_run)
{
	make_honest();
	for (int i = 1; i < 16; i++)
		add_segment(PLACE + i * 0x10000, 0x2000, 6);
	expect(run_image() == 42);
}

CASE(huge_zeroed_segment_costs_nothing)
{
	make_honest();
	add_segment(PLACE + 0x10000, 0x10000000, 6);
	expect(run_image() == 42);
}

CASE(writable_code_runs_or_is_refused)
{
	int result;

	make_honest();
	image.segments[0].flags = 7;
	result = run_image();
	expect(result == 42 || result == 1000 + ENOEXEC);
}

CASE(headers_at_odd_places_are_read)
{
	make_honest();
	image.program_at = 52 + 32 * 5 + 3;
	memcpy((char *)&image + image.program_at, &image.segments[0], 32);
	expect(run_image() == 42);
}

/* ---- Every length, random bytes ------------------------------------------ */

CASE(truncated_at_every_length)
{
	make_honest();
	for (size_t size = 0; size < sizeof(image); size += 1 + size / 100) {
		int result = run_file(&image, size);

		require(result == 1000 + ENOEXEC);
	}
}

CASE(random_bytes_in_the_headers)
{
	uint32_t seed = 4711;

	for (int i = 0; i < 1500; i++) {
		int changes = 1 + i % 4;

		make_honest();
		while (changes-- > 0) {
			seed = seed * 1664525 + 1013904223;
			((uint8_t *)&image)[(seed >> 8) % 84] = seed >> 24;
		}
		run_image();
	}
	make_honest();
	expect(run_image() == 42);
}

/* ---- A file changes while its program runs ------------------------------- */

/* jmp to itself, on the second page */
static pid_t start_looper(void)
{
	static uint8_t pages[0x3000];
	int fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0700);
	pid_t child;

	make_honest();
	image.entry = PLACE + 0x2000;
	image.segments[0].file_bytes = image.segments[0].memory_bytes = 0x3000;
	memcpy(pages, &image, sizeof(image));
	pages[0x2000] = 0xeb;
	pages[0x2001] = 0xfe;
	require(fd >= 0 && write(fd, pages, sizeof(pages)) == sizeof(pages));
	close(fd);
	child = fork_or_fail();
	if (child == 0) {
		execve(file, NULL, NULL);
		_exit(126);
	}
	return child;
}

CASE(program_that_is_truncated_dies_alone_or_lives)
{
	pid_t child = start_looper();
	int fd, result;

	case_pause();
	fd = open(file, O_RDWR);
	if (fd >= 0)
		ftruncate(fd, 0);
	else
		expect(errno == ETXTBSY);
	case_pause();
	result = kill_and_wait(child);
	expect(result == -SIGKILL || result == -SIGBUS || result == -SIGSEGV);
	unlink(file);
}

CASE(program_that_is_unlinked_lives_on)
{
	pid_t child = start_looper();

	case_pause();
	expect(unlink(file) == 0);
	case_pause();
	expect(kill_and_wait(child) == -SIGKILL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
