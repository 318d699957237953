/*
 * dlfcn.h - libraries that a program loads while it runs: there are none.
 *
 * Programs are linked statically. Each call fails, and dlerror() says so.
 */
#pragma once

#define RTLD_LAZY	1
#define RTLD_NOW	2
#define RTLD_GLOBAL	256
#define RTLD_LOCAL	0

/* NULL. */
void *dlopen(const char *path, int mode);
void *dlsym(void *__restrict library, const char *__restrict name);
/* -1. */
int dlclose(void *library);
/* What the last call failed of, once; then NULL. */
char *dlerror(void);
