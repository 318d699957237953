/* stdlib.h - memory, numbers, sorting, the environment, the end. */
#pragma once

#include "kernel/abi/wait.h"

#include <stddef.h>

#define EXIT_SUCCESS	0
#define EXIT_FAILURE	1
#define RAND_MAX	2147483647
#define MB_CUR_MAX	4	/* UTF-8, always */

typedef struct {
	int quot, rem;
} div_t;

typedef struct {
	long quot, rem;
} ldiv_t;

typedef struct {
	long long quot, rem;
} lldiv_t;

/* Memory. */
void *aligned_alloc(size_t alignment, size_t size);
void *calloc(size_t count, size_t size);
void free(void *memory);
void *malloc(size_t size);
int posix_memalign(void **result, size_t alignment, size_t size);
void *realloc(void *memory, size_t size);
int getloadavg(double loads[], int count);
void *reallocarray(void *memory, size_t count, size_t size);

/* Numbers. */
/* Numbers as up to six letters of base 64: "./0-9A-Za-z". */
long a64l(const char *s);
char *l64a(long n);
int abs(int n);
double atof(const char *s);
int atoi(const char *s);
long atol(const char *s);
long long atoll(const char *s);
div_t div(int n, int divisor);
long labs(long n);
ldiv_t ldiv(long n, long divisor);
long long llabs(long long n);
lldiv_t lldiv(long long n, long long divisor);
double strtod(const char *__restrict s, char **__restrict end);
float strtof(const char *__restrict s, char **__restrict end);
long strtol(const char *__restrict s, char **__restrict end, int base);
long double strtold(const char *__restrict s, char **__restrict end);
long long strtoll(const char *__restrict s, char **__restrict end, int base);
unsigned long strtoul(const char *__restrict s, char **__restrict end,
	int base);
unsigned long long strtoull(const char *__restrict s, char **__restrict end,
	int base);

/* Chance: the same sequence after the same seed. */
int rand(void);
int rand_r(unsigned int *seed);
long random(void);
void srand(unsigned int seed);
void srandom(unsigned int seed);
/* random() from a state of at least 8 bytes, that the program keeps. The state
 * before; NULL and EINVAL: too few bytes. */
char *initstate(unsigned int seed, char *state, size_t bytes);
char *setstate(char *state);

/* The same in 48 bits: doubles below 1, longs of 31 and of 32 bits. */
double drand48(void);
double erand48(unsigned short state[3]);
long jrand48(unsigned short state[3]);
long lrand48(void);
long mrand48(void);
long nrand48(unsigned short state[3]);
unsigned short *seed48(unsigned short state[3]);
void lcong48(unsigned short parameter[7]);
void srand48(long seed);

/* Characters of several bytes, in UTF-8. */
int mblen(const char *s, size_t n);
size_t mbstowcs(wchar_t *__restrict to, const char *__restrict from, size_t n);
int mbtowc(wchar_t *__restrict c, const char *__restrict s, size_t n);
size_t wcstombs(char *__restrict to, const wchar_t *__restrict from, size_t n);
int wctomb(char *s, wchar_t c);

/* Searching and sorting. */
void *bsearch(const void *key, const void *base, size_t count, size_t size,
	int (*compare)(const void *, const void *));
void qsort(void *base, size_t count, size_t size,
	int (*compare)(const void *, const void *));

/* The environment. */
int getsubopt(char **rest, char *const *names, char **value);
char *getenv(const char *name);
int clearenv(void);
int putenv(char *assignment);
int setenv(const char *name, const char *value, int overwrite);
int unsetenv(const char *name);

/* Files. */
char *mkdtemp(char *name);
int mkstemp(char *name);
/* Only a name; an empty string and errno on failure. Use mkstemp(). */
char *mktemp(char *name);
char *realpath(const char *__restrict path, char *__restrict resolved);

/* Pseudo-terminals. */
int posix_openpt(int flags);
int grantpt(int master);
int unlockpt(int master);
char *ptsname(int master);
int ptsname_r(int master, char *name, size_t bytes);

/* Running programs, and ending the program. */
_Noreturn void _Exit(int status);
_Noreturn void abort(void);
int atexit(void (*function)(void));
/* For quick_exit(), which runs no function of atexit() and flushes no file. */
int at_quick_exit(void (*function)(void));
_Noreturn void quick_exit(int status);
_Noreturn void exit(int status);
int system(const char *command);
