/* signalfd.h - the data of a read from a signalfd(2) descriptor. */
#pragma once

#include <stdint.h>

#define SFD_NONBLOCK	04000
#define SFD_CLOEXEC	02000000

/* A signal, 128 bytes, as on Linux. */
struct signalfd_siginfo {
	uint32_t ssi_signo;
	int32_t ssi_errno;
	int32_t ssi_code;
	uint32_t ssi_pid;
	uint32_t ssi_uid;
	int32_t ssi_fd;
	uint32_t ssi_tid;
	uint32_t ssi_band;
	uint32_t ssi_overrun;
	uint32_t ssi_trapno;
	int32_t ssi_status;
	int32_t ssi_int;
	uint64_t ssi_ptr;
	uint64_t ssi_utime;
	uint64_t ssi_stime;
	uint64_t ssi_addr;
	uint8_t padding[48];
};
