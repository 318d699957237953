/* unistd.h - processes, descriptors, the file tree, terminals. */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/sysconf.h"
#include "kernel/abi/types.h"

#define _POSIX_VERSION	200809L

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
int setuid(uid_t user);
int setgid(gid_t group);
int seteuid(uid_t user);
unsigned alarm(unsigned seconds);
int chown(const char *path, uid_t user, gid_t group);
int nice(int more);
int pause(void);
int setpgid(pid_t pid, pid_t group);
pid_t setsid(void);
unsigned int sleep(unsigned int seconds);
useconds_t ualarm(useconds_t us, useconds_t interval_us);
int usleep(useconds_t us);
pid_t vfork(void);

/* Descriptors. */
int close(int fd);
int dup(int fd);
int dup2(int fd, int to);
int fdatasync(int fd);
int fsync(int fd);
int ftruncate(int fd, off_t bytes);
int isatty(int fd);
off_t lseek(int fd, off_t offset, int whence);
int pipe(int fds[2]);
int pipe2(int fds[2], int flags);
ssize_t read(int fd, void *buffer, size_t bytes);
ssize_t write(int fd, const void *buffer, size_t bytes);

/* The file tree. */
int access(const char *path, int how);
int chdir(const char *path);
char *getcwd(char *buffer, size_t bytes);
int rmdir(const char *path);
void sync(void);
int truncate(const char *path, off_t bytes);
int unlink(const char *path);

/* Terminals. */
char *ctermid(char *name);
pid_t tcgetpgrp(int fd);
int tcsetpgrp(int fd, pid_t group);
char *ttyname(int fd);
int ttyname_r(int fd, char *name, size_t bytes);

/* The system and the heap. */
int brk(void *end);
int gethostname(char *name, size_t bytes);
int getpagesize(void);
void *sbrk(intptr_t bytes);
long sysconf(int name);

/* Options of the command line. */
extern char *optarg;
extern int opterr, optind, optopt;
int getopt(int argc, char *const argv[], const char *options);
