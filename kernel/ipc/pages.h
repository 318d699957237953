/* pages.h - blocks of memory that a process shares and may take back. */
#pragma once

#include "kernel/obj/file.h"

/*
 * Share whole pages of the running process' private memory: *out can be mapped
 * by whoever holds it, with at most the rights in prot. Returns 0, or -EINVAL
 * (address or bytes not whole pages, bytes 0, prot without PROT_READ or with
 * unknown bits), -EFAULT (not all is mapped), -EPERM (memory shared with others
 * already), -EACCES (the memory itself allows less than prot), -ENOMEM.
 */
int pages_grant(uaddr_t address, size_t bytes, int prot,
		struct open_file **out);

/* End it: nobody but the running process, which must be the one that granted
 * them, has the pages any more. 0, -EINVAL (no granted pages), -EPERM. */
int pages_revoke(struct open_file *file);
