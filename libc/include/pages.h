/*
 * pages.h - share memory that is there already, and take it back. Parley's own.
 *
 *	int fd = page_grant(block, bytes, PROT_READ);	the owner
 *	p = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);	who holds fd
 *	page_revoke(fd);	the owner: a touch of p is SIGBUS from now on
 */
#pragma once

#include <sys/mman.h>

/*
 * A descriptor for whole pages of the caller's own private memory. Who holds
 * it, by inheritance or out of a message, maps it with at most prot (EACCES).
 * -1 with errno: EINVAL (address or bytes not whole pages, bytes 0, prot
 * without PROT_READ), EFAULT (not all mapped), EPERM (shared already), EACCES
 * (the memory itself allows less than prot), ENOMEM, EMFILE.
 */
int page_grant(void *address, size_t bytes, int prot);

/*
 * By the process that granted them: take the pages out of every other address
 * space; a later touch there is SIGBUS. The owner's memory is its own again.
 * -1 with errno: EBADF, EINVAL (fd is no grant), EPERM (not the owner).
 */
int page_revoke(int fd);
