/* pages.h - blocks of memory that a process shares and may revoke. */
#pragma once

#include "kernel/obj/file.h"

/*
 * Share whole pages of the running process' private memory. Each process with
 * the open file *out can map the pages, with at most the rights in prot
 * (PROT_...). Never sleeps. Returns 0, or -EINVAL
 * (address or bytes not whole pages, bytes 0, prot without PROT_READ or with
 * unknown bits), -EFAULT (some page is not mapped), -EPERM (the memory is
 * shared already), -EACCES (the mapping allows less than prot), -ENOMEM.
 */
int pages_grant(uaddr_t address, size_t bytes, int prot,
		struct open_file **out);

/* End the grant: from now on only the running process has the pages. 0, -EINVAL
 * (the file is no grant), -EPERM (the running process is not the owner). Never
 * sleeps. */
int pages_revoke(struct open_file *file);
