# demos_shared.sh - the demonstrations of FIFOs and shared pages run as shown.
. tests/tap.sh

is "$($RUN 'lend 2> /dev/null')" 'borrower: reads "my page"
borrower: reads "it is still mine"
owner: revokes
borrower: SIGBUS, the page is gone
owner: still has "it is still mine"' lend_is_seen_and_taken_back
is "$($RUN 'ring 5000 | head -n 1 | cut -d, -f1')" \
	'consumer: 5000 numbers in order' ring_loses_nothing
is "$($RUN 'telegraph -r /tmp/w & seq 3 | telegraph /tmp/w; wait; ls /tmp' |
	cut -d' ' -f2 | tr '\n' ' ')" '1 2 3 ' strangers_meet_at_a_fifo
is "$($RUN 'mkfifo -m 600 /tmp/f; ls -l /tmp/f | cut -c1-10
	(cat /tmp/f; echo end) & sleep 0.1; echo hello > /tmp/f; wait')" \
	'prw-------
hello
end' a_fifo_between_two_commands_of_the_shell

tap_done
