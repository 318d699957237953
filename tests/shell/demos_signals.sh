# demos_signals.sh - the demonstration of signals runs as shown.
. tests/tap.sh

sorted='job 1: 168 primes
job 2: 135 primes
job 3: 127 primes
job 4: 120 primes
job 5: 119 primes
job 6: 114 primes
job 7: 117 primes
job 8: 107 primes'
is "$($RUN 'foreman > /tmp/f; echo status $?; grep job /tmp/f | sort
	tail -n 1 /tmp/f')" "status 0
$sorted
1007 primes in all" every_job_is_done_once
is "$($RUN 'foreman -k 4 > /tmp/f; grep died /tmp/f; grep -v died /tmp/f |
	sort')" "job 4: its worker died
1007 primes in all
$sorted" job_of_a_dead_worker_is_not_lost
is "$($RUN 'foreman -n 0; foreman -n 1')" '0 primes in all
job 1: 168 primes
168 primes in all' fewer_jobs_than_workers
is "$($RUN 'foreman -n 1000000 > /tmp/f &
	until [ -s /tmp/f ]; do sleep 0.05; done; kill $!; wait $!
	echo status $?; tail -n 1 /tmp/f | cut -d" " -f2-')" 'status 0
primes in all' sigterm_ends_it_in_order

tap_done
