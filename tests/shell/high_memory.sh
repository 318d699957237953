# high_memory.sh - a machine with 2 GiB, where the frames of programs and files
# have no addresses in the kernel: each way that bytes and pages take.
. tests/tap.sh

in_one_boot "2 GiB: " 'memory_fork memory_zeros memory_map fs_mmap fs_files
	shm_share pages_grant pages_revoke mailbox_gift pipe_data mqueue_life
	socketpair process_exec abuse_elf crash_report names_parley' \
	env MEM=2048 TIMEOUT=200 $RUN -t
is "$(MEM=2048 TIMEOUT=200 $RUN -t '/tests/memory_all_parley high read_takes \
	mapping breaks' | grep -c '^ok')" 4 "2 GiB: memory_all_parley"
ok "2 GiB: low memory" env MEM=2048 TIMEOUT=200 $RUN -t \
	'/tests/hostile_memory page_tables_leave'
is "$(MEM=1024 $RUN 'free | grep total')" \
	"total                     1047424 KiB" "1 GiB: all is counted"
is "$(MEM=16 $RUN 'seq 1000 | sort -r | head -n 1')" 999 "16 MiB: still works"
tap_done
