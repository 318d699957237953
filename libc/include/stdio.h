/* stdio.h - buffered files and formatted text. */
#pragma once

#include "kernel/abi/types.h"

#include <stdarg.h>

typedef struct __file FILE;
typedef off_t fpos_t;

extern FILE *const stdin, *const stdout, *const stderr;
#define stdin	stdin
#define stdout	stdout
#define stderr	stderr

/* The functions of a program in place of a descriptor (GNU). */
typedef ssize_t cookie_read_function_t(void *cookie, char *to, size_t n);
typedef ssize_t cookie_write_function_t(void *cookie, const char *data,
	size_t n);
typedef int cookie_seek_function_t(void *cookie, off_t *offset, int whence);
typedef int cookie_close_function_t(void *cookie);

typedef struct {
	cookie_read_function_t *read;
	cookie_write_function_t *write;
	cookie_seek_function_t *seek;
	cookie_close_function_t *close;
} cookie_io_functions_t;

#define EOF		(-1)
#define BUFSIZ		4096
#define FILENAME_MAX	1024
#define FOPEN_MAX	256
#define L_tmpnam	20
#define TMP_MAX		238328
#define L_ctermid	16
#define P_tmpdir	"/tmp"

#define _IOFBF		0	/* write when the buffer is full */
#define _IOLBF		1	/* and at each newline */
#define _IONBF		2	/* write at once */

#ifndef SEEK_SET
#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#endif

/* Opening and closing. */
int fclose(FILE *file);
FILE *fdopen(int fd, const char *mode);
int fflush(FILE *file);
/* A file in memory; NULL: memory that fclose() frees. */
FILE *fmemopen(void *__restrict memory, size_t size,
	const char *__restrict mode);
FILE *fopencookie(void *__restrict cookie, const char *__restrict mode,
	cookie_io_functions_t calls);
/* Text that grows; after fflush() and fclose(), *text and *size tell. */
FILE *open_memstream(char **text, size_t *size);
int fileno(FILE *file);
FILE *fopen(const char *__restrict path, const char *__restrict mode);
FILE *freopen(const char *__restrict path, const char *__restrict mode,
	FILE *__restrict file);
int pclose(FILE *file);
FILE *popen(const char *command, const char *mode);
char *ctermid(char *name);
int remove(const char *path);
int rename(const char *from, const char *to);
int renameat(int from_fd, const char *from, int to_fd, const char *to);
void setbuf(FILE *__restrict file, char *__restrict buffer);
void setlinebuf(FILE *file);
int setvbuf(FILE *__restrict file, char *__restrict buffer, int mode,
	size_t size);
char *tempnam(const char *folder, const char *prefix);
FILE *tmpfile(void);
char *tmpnam(char *name);

/* Only one thread holds a file; the thread may lock the file repeatedly. */
void flockfile(FILE *file);
int ftrylockfile(FILE *file);		/* 0 when it was free */
void funlockfile(FILE *file);

/* State and position. */
void clearerr(FILE *file);
int feof(FILE *file);
int ferror(FILE *file);
int fgetpos(FILE *__restrict file, fpos_t *__restrict position);
int fseek(FILE *file, long offset, int whence);
int fseeko(FILE *file, off_t offset, int whence);
int fsetpos(FILE *file, const fpos_t *position);
long ftell(FILE *file);
off_t ftello(FILE *file);
void rewind(FILE *file);

/* Characters, lines, blocks. */
int fgetc(FILE *file);
char *fgets(char *__restrict line, int size, FILE *__restrict file);
int fputc(int c, FILE *file);
int fputs(const char *__restrict s, FILE *__restrict file);
size_t fread(void *__restrict data, size_t size, size_t count,
	FILE *__restrict file);
size_t fwrite(const void *__restrict data, size_t size, size_t count,
	FILE *__restrict file);
int getc(FILE *file);
int getc_unlocked(FILE *file);
int getchar(void);
int getchar_unlocked(void);
ssize_t getdelim(char **__restrict line, size_t *__restrict size, int delimiter,
	FILE *__restrict file);
ssize_t getline(char **__restrict line, size_t *__restrict size,
	FILE *__restrict file);
void perror(const char *message);
int putc(int c, FILE *file);
int putc_unlocked(int c, FILE *file);
int putchar(int c);
int putchar_unlocked(int c);
int puts(const char *s);
int ungetc(int c, FILE *file);

/* Formatted output. */
int asprintf(char **result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int dprintf(int fd, const char *__restrict format, ...)
	__attribute__((format(printf, 2, 3)));
int fprintf(FILE *__restrict file, const char *__restrict format, ...)
	__attribute__((format(printf, 2, 3)));
int printf(const char *__restrict format, ...)
	__attribute__((format(printf, 1, 2)));
int snprintf(char *__restrict s, size_t size, const char *__restrict format,
	...)
	__attribute__((format(printf, 3, 4)));
int sprintf(char *__restrict s, const char *__restrict format, ...)
	__attribute__((format(printf, 2, 3)));
int vasprintf(char **result, const char *format, va_list arguments);
int vdprintf(int fd, const char *__restrict format, va_list arguments);
int vfprintf(FILE *__restrict file, const char *__restrict format,
	va_list arguments);
int vprintf(const char *__restrict format, va_list arguments);
int vsnprintf(char *__restrict s, size_t size, const char *__restrict format,
	va_list arguments);
int vsprintf(char *__restrict s, const char *__restrict format,
	va_list arguments);

/* Formatted input. */
int fscanf(FILE *__restrict file, const char *__restrict format, ...)
	__attribute__((format(scanf, 2, 3)));
int scanf(const char *__restrict format, ...)
	__attribute__((format(scanf, 1, 2)));
int sscanf(const char *__restrict s, const char *__restrict format, ...)
	__attribute__((format(scanf, 2, 3)));
int vfscanf(FILE *__restrict file, const char *__restrict format,
	va_list arguments);
int vscanf(const char *__restrict format, va_list arguments);
int vsscanf(const char *__restrict s, const char *__restrict format,
	va_list arguments);

#ifdef _LARGEFILE64_SOURCE	/* off_t has 64 bits always */
#define fopen64	fopen
#define freopen64	freopen
#define fseeko64	fseeko
#define ftello64	ftello
#define tmpfile64	tmpfile
#endif

#ifdef _GNU_SOURCE
/* The texts of strerror() for the numbers below _sys_nerr; NULL: no error. */
extern const char *const _sys_errlist[];
extern const int _sys_nerr;
#endif
