/*
 * libc_string.c - libc's string functions against the functions of this
 * machine.
 *
 * Random strings over a small alphabet, so that matches and near misses are
 * frequent, at all alignments, each string in a block of its size: the address
 * sanitizer finds a read or write of a byte beyond the block. (memchr() and
 * strlen() read whole words and are exempt; their results are checked.)
 */
#define _GNU_SOURCE

#define bcmp		our_bcmp
#define bcopy		our_bcopy
#define bzero		our_bzero
#define ffs		our_ffs
#define index		our_index
#define memccpy		our_memccpy
#define memchr		our_memchr
#define memcmp		our_memcmp
#define memcpy		our_memcpy
#define memmem		our_memmem
#define memmove		our_memmove
#define mempcpy		our_mempcpy
#define memrchr		our_memrchr
#define memset		our_memset
#define rindex		our_rindex
#define stpcpy		our_stpcpy
#define stpncpy		our_stpncpy
#define strcasecmp	our_strcasecmp
#define strcasestr	our_strcasestr
#define strcat		our_strcat
#define strchr		our_strchr
#define strchrnul	our_strchrnul
#define strcmp		our_strcmp
#define strcoll		our_strcoll
#define strcpy		our_strcpy
#define strcspn		our_strcspn
#define strlcat		our_strlcat
#define strlcpy		our_strlcpy
#define strlen		our_strlen
#define strncasecmp	our_strncasecmp
#define strncat		our_strncat
#define strncmp		our_strncmp
#define strncpy		our_strncpy
#define strnlen		our_strnlen
#define strpbrk		our_strpbrk
#define strrchr		our_strrchr
#define strsep		our_strsep
#define strspn		our_strspn
#define strstr		our_strstr
#define strtok		our_strtok
#define strtok_r	our_strtok_r
#define strxfrm		our_strxfrm
#include <string.h>
#include <strings.h>
size_t strlcpy(char *restrict to, const char *restrict from, size_t size);
size_t strlcat(char *restrict to, const char *restrict from, size_t size);
#include "libc/string/memcpy.c"
#include "libc/string/memchr.c"
#include "libc/string/string.c"
#include "libc/string/search.c"
#include "libc/string/bsd.c"
#include "libc/string/gnu.c"
#include "libc/string/strings.c"
#undef memchr
#undef memcmp
#undef memcpy
#undef memmem
#undef memmove
#undef memrchr
#undef memset
#undef stpncpy
#undef strcasecmp
#undef strcasestr
#undef strcat
#undef strchr
#undef strcmp
#undef strcpy
#undef strcspn
#undef strlen
#undef strncasecmp
#undef strncat
#undef strncmp
#undef strncpy
#undef strnlen
#undef strpbrk
#undef strrchr
#undef strsep
#undef strspn
#undef strstr
#undef strtok_r

void *memchr(const void *memory, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmem(const void *memory, size_t n, const void *wanted, size_t m);
void *memmove(void *to, const void *from, size_t n);
void *memrchr(const void *memory, int c, size_t n);
void *memset(void *memory, int c, size_t n);
char *stpncpy(char *to, const char *from, size_t n);
int strcasecmp(const char *a, const char *b);
char *strcasestr(const char *s, const char *wanted);
char *strcat(char *to, const char *from);
char *strchr(const char *s, int c);
int strcmp(const char *a, const char *b);
char *strcpy(char *to, const char *from);
size_t strcspn(const char *s, const char *stop);
size_t strlen(const char *s);
int strncasecmp(const char *a, const char *b, size_t n);
char *strncat(char *to, const char *from, size_t n);
int strncmp(const char *a, const char *b, size_t n);
char *strncpy(char *to, const char *from, size_t n);
size_t strnlen(const char *s, size_t n);
char *strpbrk(const char *s, const char *wanted);
char *strrchr(const char *s, int c);
char *strsep(char **rest, const char *delimiters);
size_t strspn(const char *s, const char *accepted);
char *strstr(const char *s, const char *wanted);
char *strtok_r(char *s, const char *delimiters, char **rest);

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/tap.h"

#define ROUNDS 30000

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

/* A block of n random letters at a misaligned address. */
static char *letters(size_t n, char **block)
{
	size_t off = (size_t)(rand() % 8);
	char *s;

	*block = malloc(n + off);
	s = *block + off;
	for (size_t i = 0; i < n; i++)
		s[i] = "abA\xe1"[rand() % 4];
	return s;
}

static char *string(size_t n, char **block)
{
	char *s = letters(n + 1, block);

	s[n] = '\0';
	return s;
}

static int copies_differ(void)
{
	size_t n = (size_t)(rand() % 80), room = n + 64;
	char *block, *s = letters(room, &block), wanted[160];
	size_t from = (size_t)(rand() % 64), to = (size_t)(rand() % 64);
	int bad;

	memcpy(wanted, s, room);
	memmove(wanted + to, wanted + from, n);
	our_memmove(s + to, s + from, n);
	bad = memcmp(s, wanted, room) != 0;

	memset(wanted + to, 0x80 + (int)n, n);
	our_memset(s + to, 0x80 + (int)n, n);
	bad |= memcmp(s, wanted, room) != 0;
	free(block);
	return bad;
}

static int blocks_differ(const char *a, size_t n, const char *b, size_t m)
{
	int c = "abA\xe1x"[rand() % 5];
	size_t both = n < m ? n : m;

	return our_memchr(a, c, n) != memchr(a, c, n) ||
		our_memrchr(a, c, n) != memrchr(a, c, n) ||
		our_memmem(a, n, b, m) != memmem(a, n, b, m) ||
		our_memmem(a, n, b, both / 4) != memmem(a, n, b, both / 4) ||
		sign(our_memcmp(a, b, both)) != sign(memcmp(a, b, both)) ||
		our_memcmp(a, a, n) != 0;
}

static int strings_differ(const char *a, const char *b, size_t n)
{
	int c = "abA\xe1x"[rand() % 5];

	return our_strlen(a) != strlen(a) ||
		our_strnlen(a, n) != strnlen(a, n) ||
		sign(our_strcmp(a, b)) != sign(strcmp(a, b)) ||
		sign(our_strncmp(a, b, n)) != sign(strncmp(a, b, n)) ||
		sign(our_strcasecmp(a, b)) != sign(strcasecmp(a, b)) ||
		sign(our_strncasecmp(a, b, n)) !=
			sign(strncasecmp(a, b, n)) ||
		our_strchr(a, c) != strchr(a, c) ||
		our_strchr(a, '\0') != strchr(a, '\0') ||
		our_strrchr(a, c) != strrchr(a, c) ||
		our_strstr(a, b) != strstr(a, b) ||
		our_strcasestr(a, b) != strcasestr(a, b) ||
		our_strspn(a, b) != strspn(a, b) ||
		our_strcspn(a, b) != strcspn(a, b) ||
		our_strpbrk(a, b) != strpbrk(a, b);
}

/* The functions that are built out of a and b. */
static int buildings_differ(const char *a, const char *b, size_t n)
{
	char ours[256], theirs[256];
	int bad;

	memset(ours, '#', sizeof(ours));
	memset(theirs, '#', sizeof(theirs));
	bad = our_strcpy(ours, a) - ours != strcpy(theirs, a) - theirs;
	our_strcat(ours, b);
	strcat(theirs, b);
	our_strncat(ours, a, n);
	strncat(theirs, a, n);
	bad |= memcmp(ours, theirs, sizeof(ours)) != 0;
	our_strncpy(ours, b, n);
	strncpy(theirs, b, n);
	bad |= memcmp(ours, theirs, sizeof(ours)) != 0;
	bad |= our_stpncpy(ours, a, n) - ours !=
		stpncpy(theirs, a, n) - theirs;
	bad |= memcmp(ours, theirs, sizeof(ours)) != 0;
	return bad;
}

static int splits_differ(const char *a, const char *b)
{
	char ours[128], theirs[128], *our_rest, *their_rest = NULL;
	char *x = strcpy(ours, a), *y = strcpy(theirs, a);

	do {
		x = our_strtok_r(x ? ours : NULL, b, &our_rest);
		y = strtok_r(y ? theirs : NULL, b, &their_rest);
		if (!x != !y || (x && x - ours != y - theirs))
			return 1;
		if (!x)
			break;
		x = our_strtok_r(NULL, b, &our_rest);
		y = strtok_r(NULL, b, &their_rest);
	} while (x && y && rand() % 4);
	our_rest = strcpy(ours, a);
	their_rest = strcpy(theirs, a);
	while (their_rest) {
		x = our_strsep(&our_rest, b);
		y = strsep(&their_rest, b);
		if (x - ours != y - theirs || !our_rest != !their_rest)
			return 1;
	}
	return memcmp(ours, theirs, strlen(a)) != 0;
}

#define PAGE	4096

/* Two pages; a touch of the second ends the program. */
static char *page_before_nothing(void)
{
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(page + PAGE, PAGE, PROT_NONE);
	return page;
}

/* Equal but for the byte at place; the strings end with their pages. */
static int pair_differs(char *a, char *b, size_t n, size_t place)
{
	char kept = b[place];
	int bad;

	b[place] = "x\xe1"[place % 2];
	bad = sign(our_strcmp(a, b)) != sign(strcmp(a, b)) ||
		sign(our_strcmp(b, a)) != sign(strcmp(b, a)) ||
		sign(our_memcmp(a, b, n + 1)) != sign(memcmp(a, b, n + 1)) ||
		our_memchr(b, 'x', n + 1) != memchr(b, 'x', n + 1) ||
		(b[place] == 'x' && our_memchr(b, 'x', SIZE_MAX) != b + place);
	b[place] = kept;
	return bad;
}

/* Strings that end with their pages, so that their places in a word differ. */
static int edges_differ(char *page, char *other, size_t n, size_t apart)
{
	char *a = page + PAGE - n - 1, *b = other + PAGE - n - 1 - apart;
	int bad;

	memset(a, 'a', n);
	memset(b, 'a', n);
	a[n / 2] = b[n / 2] = '\xe1';
	a[n] = b[n] = '\0';
	bad = our_strlen(a) != n || our_strcmp(a, b) != 0 ||
		our_strcmp(b, a) != 0;
	for (size_t place = 0; place < n; place++)
		bad |= pair_differs(a, b, n, place);
	return bad;
}

static void no_byte_is_read_beyond_the_page(void)
{
	char *page = page_before_nothing(), *other = page_before_nothing();
	int bad = 0;

	for (size_t n = 1; n < 70; n++) {
		for (size_t apart = 0; apart < 9; apart++)
			bad += edges_differ(page, other, n, apart);
	}
	is(bad, 0, "strings_at_the_end_of_a_page_are_compared_alike");
}

static void bsd_copies_end_their_string(void)
{
	char to[8] = "#######";

	ok(our_strlcpy(to, "abcdef", 4) == 6 && strcmp(to, "abc") == 0,
		"strlcpy_cuts_and_tells");
	ok(to[4] == '#', "strlcpy_writes_no_more_than_its_size");
	ok(our_strlcpy(to, "xyz", 0) == 3 && to[0] == 'a',
		"strlcpy_of_size_0_writes_nothing");
	ok(our_strlcat(to, "defgh", 6) == 8 && strcmp(to, "abcde") == 0,
		"strlcat_cuts_and_tells");
	ok(our_strlcat(to, "x", 3) == 4, "strlcat_without_end_in_size");
}

int main(void)
{
	int moved = 0, blocks = 0, compared = 0, built = 0, split = 0;

	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = (size_t)(rand() % 50), m = (size_t)(rand() % 8);
		char *block_a, *block_b;
		char *a = letters(n, &block_a), *b = letters(m, &block_b);

		moved += copies_differ();
		blocks += blocks_differ(a, n, b, m);
		free(block_a);
		free(block_b);
		a = string(n, &block_a);
		b = string(m, &block_b);
		compared += strings_differ(a, b, (size_t)(rand() % 60));
		built += buildings_differ(a, b, (size_t)(rand() % 60));
		split += splits_differ(a, b);
		free(block_a);
		free(block_b);
	}
	is(moved, 0, "memmove_and_memset_touch_just_their_bytes");
	is(blocks, 0, "memchr_memrchr_memmem_memcmp_agree");
	is(compared, 0, "strings_are_compared_and_searched_alike");
	is(built, 0, "strings_are_copied_and_joined_alike");
	is(split, 0, "strtok_r_and_strsep_split_alike");
	no_byte_is_read_beyond_the_page();
	bsd_copies_end_their_string();
	return tap_done();
}
