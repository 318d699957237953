/*
 * pages.h - share own memory with processes, and take the memory back.
 *
 *	int fd = page_grant(block, bytes, PROT_READ);	the owner
 *	p = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);	who holds fd
 *	page_revoke(fd);	the owner: a touch of p is SIGBUS from now on
 */
#pragma once

#include <sys/mman.h>

/*
 * A descriptor for whole pages of the caller's own private memory. A holder of
 * the descriptor, inherited or received, maps the pages with at most prot
 * (EACCES).
 * -1 with errno: EINVAL (address or bytes not whole pages, bytes 0, prot
 * without PROT_READ), EFAULT (not all mapped), EPERM (shared already), EACCES
 * (the memory itself allows less than prot), ENOMEM, EMFILE.
 */
int page_grant(void *address, size_t bytes, int prot);

/*
 * By the process that granted the pages: take the pages out of every other
 * address space. A later access there is SIGBUS. The pages are private again.
 * -1 with errno: EBADF, EINVAL (fd is no grant), EPERM (not the owner).
 */
int page_revoke(int fd);
