/* unistd.h - processes, descriptors, the file tree, terminals. */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/sysconf.h"
#include "kernel/abi/types.h"

/* What there is of POSIX: a version, or -1. */
#define _POSIX_VERSION			200809L
#define _POSIX2_VERSION			200809L
#define _POSIX_ADVISORY_INFO		200809L
#define _POSIX_ASYNCHRONOUS_IO		200809L
#define _POSIX_BARRIERS			200809L
#define _POSIX_CHOWN_RESTRICTED		1
#define _POSIX_CLOCK_SELECTION		200809L
#define _POSIX_CPUTIME			200809L
#define _POSIX_FSYNC			200809L
#define _POSIX_IPV6			-1
#define _POSIX_JOB_CONTROL		1
#define _POSIX_MAPPED_FILES		200809L
#define _POSIX_MEMLOCK			200809L
#define _POSIX_MEMLOCK_RANGE		200809L
#define _POSIX_MEMORY_PROTECTION	200809L
#define _POSIX_MESSAGE_PASSING		200809L
#define _POSIX_MONOTONIC_CLOCK		200809L
#define _POSIX_NO_TRUNC			1
#define _POSIX_PRIORITIZED_IO		-1
#define _POSIX_PRIORITY_SCHEDULING	200809L
#define _POSIX_RAW_SOCKETS		-1
#define _POSIX_READER_WRITER_LOCKS	200809L
#define _POSIX_REALTIME_SIGNALS		200809L
#define _POSIX_REGEXP			1
#define _POSIX_SAVED_IDS		1
#define _POSIX_SEMAPHORES		200809L
#define _POSIX_SHARED_MEMORY_OBJECTS	200809L
#define _POSIX_SHELL			1
#define _POSIX_SPAWN			200809L
#define _POSIX_SPIN_LOCKS		200809L
#define _POSIX_SPORADIC_SERVER		-1
#define _POSIX_SYNCHRONIZED_IO		200809L
#define _POSIX_THREADS			200809L
#define _POSIX_THREAD_ATTR_STACKADDR	-1
#define _POSIX_THREAD_ATTR_STACKSIZE	200809L
#define _POSIX_THREAD_CPUTIME		200809L
#define _POSIX_THREAD_PRIORITY_SCHEDULING 200809L
#define _POSIX_THREAD_PRIO_INHERIT	200809L
#define _POSIX_THREAD_PRIO_PROTECT	200809L
#define _POSIX_THREAD_PROCESS_SHARED	200809L
#define _POSIX_THREAD_ROBUST_PRIO_INHERIT 200809L
#define _POSIX_THREAD_ROBUST_PRIO_PROTECT 200809L
#define _POSIX_THREAD_SAFE_FUNCTIONS	200809L
#define _POSIX_THREAD_SPORADIC_SERVER	-1
#define _POSIX_TIMEOUTS			200809L
#define _POSIX_TIMERS			200809L
#define _POSIX_TRACE			-1
#define _POSIX_TYPED_MEMORY_OBJECTS	-1
#define _POSIX_V7_ILP32_OFF32		-1
#define _POSIX_V7_ILP32_OFFBIG		1
#define _POSIX_V7_LP64_OFF64		-1
#define _POSIX_V7_LPBIG_OFFBIG		-1
#define _POSIX_VDISABLE			0
#define _POSIX2_CHAR_TERM		-1
#define _POSIX2_C_BIND			200809L
#define _POSIX2_C_DEV			-1
#define _POSIX2_FORT_RUN		-1
#define _POSIX2_LOCALEDEF		-1
#define _POSIX2_SW_DEV			-1
#define _POSIX2_UPE			-1
#define _XOPEN_CRYPT			-1
#define _XOPEN_ENH_I18N			-1
#define _XOPEN_REALTIME			-1
#define _XOPEN_REALTIME_THREADS		-1
#define _XOPEN_SHM			1
#define _XOPEN_STREAMS			-1
#define _XOPEN_UNIX			1
#define _XOPEN_UUCP			-1
#define _XOPEN_VERSION			700

#define STDIN_FILENO	0
#define STDOUT_FILENO	1
#define STDERR_FILENO	2

extern char **environ;

/* Processes. */
_Noreturn void _exit(int status);
int execl(const char *path, const char *argument0, ... /* NULL */);
int execle(const char *path, const char *argument0, ... /* NULL, envp */);
int execlp(const char *name, const char *argument0, ... /* NULL */);
int execv(const char *path, char *const argv[]);
int execve(const char *path, char *const argv[], char *const envp[]);
int fexecve(int fd, char *const argv[], char *const envp[]);
int execvp(const char *name, char *const argv[]);
int execvpe(const char *name, char *const argv[], char *const envp[]);
pid_t fork(void);
gid_t getegid(void);
uid_t geteuid(void);
gid_t getgid(void);
pid_t getpgid(pid_t pid);
pid_t getpgrp(void);
pid_t getpid(void);
pid_t getppid(void);
pid_t gettid(void);
pid_t getsid(pid_t pid);
uid_t getuid(void);
int getgroups(int size, gid_t groups[]);
char *getlogin(void);
int getlogin_r(char *name, size_t bytes);
int setuid(uid_t user);
int setgid(gid_t group);
int seteuid(uid_t user);
int setegid(gid_t group);
/* -1: as before. */
int setreuid(uid_t real, uid_t user);
int setregid(gid_t real, gid_t group);
int setresuid(uid_t real, uid_t user, uid_t saved);
int setresgid(gid_t real, gid_t group, gid_t saved);
int getresuid(uid_t *real, uid_t *user, uid_t *saved);
int getresgid(gid_t *real, gid_t *group, gid_t *saved);
unsigned alarm(unsigned seconds);
int chown(const char *path, uid_t user, gid_t group);
int fchown(int fd, uid_t user, gid_t group);
int fchownat(int fd, const char *path, uid_t user, gid_t group, int flags);
int lchown(const char *path, uid_t user, gid_t group);
int nice(int more);
int pause(void);
int setpgid(pid_t pid, pid_t group);
pid_t setpgrp(void);
pid_t setsid(void);
unsigned int sleep(unsigned int seconds);
useconds_t ualarm(useconds_t us, useconds_t interval_us);
int usleep(useconds_t us);
pid_t vfork(void);
/* Go on as a child in a session of its own, in / unless keeps_directory, with
 * the standard files at /dev/null unless keeps_files (BSD). */
int daemon(int keeps_directory, int keeps_files);

/* Descriptors. */
int close(int fd);
int dup(int fd);
int dup2(int fd, int to);
int dup3(int fd, int to, int flags);
int fdatasync(int fd);
int fsync(int fd);
int ftruncate(int fd, off_t bytes);
int isatty(int fd);
/* From the position on: F_LOCK waits, F_TLOCK does not, F_TEST only looks. */
#define F_ULOCK	0
#define F_LOCK	1
#define F_TLOCK	2
#define F_TEST	3
int lockf(int fd, int function, off_t bytes);
off_t lseek(int fd, off_t offset, int whence);
int pipe(int fds[2]);
int pipe2(int fds[2], int flags);
/* At an offset; the file position stays. ESPIPE for a pipe. */
ssize_t pread(int fd, void *buffer, size_t bytes, off_t offset);
ssize_t pwrite(int fd, const void *buffer, size_t bytes, off_t offset);
ssize_t read(int fd, void *buffer, size_t bytes);
ssize_t write(int fd, const void *buffer, size_t bytes);

/* The file tree. */
int access(const char *path, int how);
int faccessat(int fd, const char *path, int how, int flags);
int chdir(const char *path);
int fchdir(int fd);
char *getcwd(char *buffer, size_t bytes);
int link(const char *from, const char *to);
int linkat(int from_fd, const char *from, int to_fd, const char *to,
	int flags);
ssize_t readlink(const char *__restrict path, char *__restrict target,
	size_t bytes);
ssize_t readlinkat(int fd, const char *__restrict path, char *__restrict target,
	size_t bytes);
int rmdir(const char *path);
int symlink(const char *target, const char *path);
int symlinkat(const char *target, int fd, const char *path);
void sync(void);
int syncfs(int fd);
int truncate(const char *path, off_t bytes);
int unlink(const char *path);
int unlinkat(int fd, const char *path, int flags);

/* Terminals. */
char *ctermid(char *name);
pid_t tcgetpgrp(int fd);
int tcsetpgrp(int fd, pid_t group);
/* Ask on /dev/tty, which does not show the answer; NULL: no terminal. The next
 * call overwrites the answer. */
char *getpass(const char *prompt);
char *ttyname(int fd);
int ttyname_r(int fd, char *name, size_t bytes);

/* The system and the heap. */
int brk(void *end);
int getentropy(void *buffer, size_t bytes);
int gethostname(char *name, size_t bytes);
/* Root alone. */
int sethostname(const char *name, size_t bytes);
/* A number made of the name of the machine. */
long gethostid(void);
/* A system call by its number in <sys/syscall.h>: as the table of calls has
 * it, which may differ from the function of that name (GNU). */
long syscall(long number, ...);
int getpagesize(void);
void *sbrk(intptr_t bytes);
size_t confstr(int name, char *text, size_t size);
long fpathconf(int fd, int name);
long pathconf(const char *path, int name);
long sysconf(int name);
/* Fails: ENOSYS. */
char *crypt(const char *password, const char *salt);
void swab(const void *__restrict from, void *__restrict to, ssize_t bytes);

/* Options of the command line. */
extern char *optarg;
extern int opterr, optind, optopt;
int getopt(int argc, char *const argv[], const char *options);

#ifdef _LARGEFILE64_SOURCE	/* off_t has 64 bits always */
#define off64_t	off_t
#define lseek64	lseek
#define pread64	pread
#define pwrite64	pwrite
#define ftruncate64	ftruncate
#define truncate64	truncate
#define lockf64	lockf
#endif
