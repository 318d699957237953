/*
 * journal.h - changes of the disk that happen wholly or not at all, and their
 * log on the disk.
 *
 * The journal knows blocks of the cache and no file system; the format is that
 * of JBD. One journal is enough. All functions need [P], and none sleeps, but
 * those for the journal's task: the kernel task of the file system. An int is 0
 * or -errno; -EAGAIN: see kernel/fs/cache.h.
 */
#pragma once

#include "kernel/fs/cache.h"

/* ---- journal.c ---------------------------------------------------------- */

/* A change: journal_begin(), then journal_edit() of each place in a block
 * before its first new byte, then journal_end(). With result < 0 all places get
 * their old bytes back; otherwise the change is part of the running
 * transaction. journal_begin() is -EROFS if the journal is read-only, and -EIO
 * after an error of the log. */
int journal_begin(void);
int journal_edit(struct block *block, void *at, size_t bytes);
int journal_end(int result);
/* The same for a block that was free: zeros. */
int journal_new(uint32_t number, struct block **block);
/* Within a change: a block is freed whose bytes are in the journal. */
void journal_frees_metadata(void);
/* The number of the commit that a change of now belongs to. */
uint32_t journal_epoch(void);
/* ... and of the last change. */
uint32_t journal_last_change(void);
/* 0: this commit is done. Else begin, and -EAGAIN. */
int journal_sync(uint32_t epoch);
/* The journal's task commits within seconds. */
void journal_note_change(void);

/* For the journal's task, from here on. Changes may begin; the log was started
 * with so many blocks. */
void journal_open(uint32_t blocks, bool is_read_only);
/* No change may begin from now on. */
void journal_close(void);
/* An error of the log ends the journal: no change may begin. */
void journal_break(int error);
bool journal_is_broken(void);
/* Forget all blocks, and what no commit has brought to the disk. */
void journal_forget(void);
bool journal_must_commit(void);
/* When the next commit is due. FOREVER: there was no change. */
uint64_t journal_due_ns(void);
/* The first step of a commit begins: its changes are not held back. */
void journal_prepare(void);
/* The other steps. -EIO: the log has failed, and the journal is read-only. */
int journal_commit(void);

/* ---- log.c: for the journal's task, these functions sleep ---------------- */

/* Block `index` of the log is there. 0, -ENOMEM, -EIO: a log too long. */
int log_place(uint32_t index, uint32_t number);
/* Recover the disk from a log of so many blocks. Its length, -EIO, -EINVAL
 * (unknown format), -ENOMEM, -EROFS (what the log holds cannot be written). */
int log_start(uint32_t blocks);
/* Write these blocks and their commit block, with a flush after each part. */
int log_write(const struct list *logged, uint32_t blocks);
/* Declare the log empty, once its blocks are in their places; is_clean: the
 * disk is not in use any more. */
int log_empty(bool is_clean);
