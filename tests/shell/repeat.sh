# repeat.sh - the same run twice under icount is the same, byte for byte.
. tests/tap.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Times, ids and the order in which tasks ran all show here.
line='sieve 30 | tail -n 3; seq 1 300 | sort -r | head -n 2; time true
cat /proc/uptime /proc/tasks /proc/meminfo 2> /dev/null; uptime; date'
for i in 1 2; do
	ICOUNT=0 LOG=$tmp/log$i $RUN "$line" < /dev/null > "$tmp/out$i" 2>&1
done
ok there_is_output test -s "$tmp/out1"
ok output_is_the_same_to_the_last_byte cmp "$tmp/out1" "$tmp/out2"
ok kernel_log_is_the_same_to_the_last_byte cmp "$tmp/log1" "$tmp/log2"
tap_done
