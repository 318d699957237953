/* string.h - strings and blocks of memory. */
#pragma once

#include <sys/locale_t.h>

#include <stddef.h>
#include <strings.h>		/* as other systems do */

void *memccpy(void *__restrict to, const void *__restrict from, int c,
	size_t n);
void *memchr(const void *memory, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memcpy(void *__restrict to, const void *__restrict from, size_t n);
void *memmem(const void *memory, size_t n, const void *wanted,
	size_t wanted_n);
void *memmove(void *to, const void *from, size_t n);
void *mempcpy(void *__restrict to, const void *__restrict from, size_t n);
void *memrchr(const void *memory, int c, size_t n);
void *memset(void *memory, int c, size_t n);
char *stpcpy(char *__restrict to, const char *__restrict from);
char *stpncpy(char *__restrict to, const char *__restrict from, size_t n);
char *strcasestr(const char *s, const char *wanted);
char *strcat(char *__restrict to, const char *__restrict from);
char *strchr(const char *s, int c);
char *strchrnul(const char *s, int c);
int strcmp(const char *a, const char *b);
int strcoll(const char *a, const char *b);
char *strcpy(char *__restrict to, const char *__restrict from);
size_t strcspn(const char *s, const char *stop);
char *strdup(const char *s);
#ifdef _GNU_SOURCE	/* in the caller's frame, as alloca() */
#define strdupa(s)							\
	(__extension__({						\
		const char *__from = (s);				\
		size_t __bytes = strlen(__from) + 1;			\
		(char *)memcpy(__builtin_alloca(__bytes), __from, __bytes); \
	}))
#define strndupa(s, n)							\
	(__extension__({						\
		const char *__from = (s);				\
		size_t __bytes = strnlen(__from, (n));			\
		char *__to = (char *)__builtin_alloca(__bytes + 1);	\
		__to[__bytes] = '\0';					\
		(char *)memcpy(__to, __from, __bytes);			\
	}))
#endif
char *strerror(int error);
int strerror_r(int error, char *text, size_t size);
size_t strlcat(char *__restrict to, const char *__restrict from, size_t size);
size_t strlcpy(char *__restrict to, const char *__restrict from, size_t size);
size_t strlen(const char *s);
char *strncat(char *__restrict to, const char *__restrict from, size_t n);
int strncmp(const char *a, const char *b, size_t n);
char *strncpy(char *__restrict to, const char *__restrict from, size_t n);
char *strndup(const char *s, size_t n);
size_t strnlen(const char *s, size_t n);
char *strpbrk(const char *s, const char *wanted);
char *strrchr(const char *s, int c);
char *strsep(char **rest, const char *delimiters);
char *strsignal(int signal);
size_t strspn(const char *s, const char *accepted);
char *strstr(const char *s, const char *wanted);
char *strtok(char *__restrict s, const char *__restrict delimiters);
char *strtok_r(char *__restrict s, const char *__restrict delimiters,
	char **__restrict rest);
/* The order of names with numbers in them: "file9" before "file10" (GNU). */
int strverscmp(const char *a, const char *b);
size_t strxfrm(char *__restrict to, const char *__restrict from, size_t n);

/* The locale changes nothing: see <locale.h>. */
int strcoll_l(const char *a, const char *b, locale_t locale);
char *strerror_l(int error, locale_t locale);
size_t strxfrm_l(char *__restrict to, const char *__restrict from, size_t n,
	locale_t locale);
