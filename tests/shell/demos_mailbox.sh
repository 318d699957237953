# demos_mailbox.sh - the demonstrations of mailboxes run as shown.
. tests/tap.sh

is "$($RUN 'boxes; echo status $?')" \
	'0         plain r1 s1 r2 s2 r3 s3 r4 s4 sender waits for the receipt
0         sync  r1 s1 r2 s2 r3 s3 r4 s4 sender waits for the receipt
2         plain s1 s2 r1 s3 r2 s4 r3 r4 sender waits for room
2         sync  r1 s1 r2 s2 r3 s3 r4 s4 sender waits for the receipt
unbounded plain s1 s2 s3 s4 r1 r2 r3 r4 sender never waits
unbounded sync  r1 s1 r2 s2 r3 s3 r4 s4 sender waits for the receipt
status 0' who_waits_for_whom
is "$($RUN 'calculator > /tmp/c; echo status $?
	for i in 1 2 3; do grep "client $i" /tmp/c; done')" \
	'status 0
client 1: 1 * 11 = 11
client 1: 2 * 11 = 22
client 1: 3 * 11 = 33
client 1: 42 / 0 = ?
client 2: 1 * 12 = 12
client 2: 2 * 12 = 24
client 2: 3 * 12 = 36
client 2: 42 / 1 = 42
client 3: 1 * 13 = 13
client 3: 2 * 13 = 26
client 3: 3 * 13 = 39
client 3: 42 / 2 = 21' each_client_gets_its_answers_in_order
is "$($RUN 'passing; echo status $?')" \
	'giver: makes a pipe, sends its read end, writes
reader: got a descriptor
reader: "through a nameless pipe"
reader: the end
status 0' a_descriptor_travels_in_a_message
is "$($RUN 'embrace; echo status $?')" 'adam asked: eve
eve asked: adam
status 0' servers_that_ask_each_other_in_turn
is "$($RUN 'boxes > /dev/null; embrace > /dev/null
	calculator > /dev/null; passing > /dev/null
	ls /ipc/mailbox; ipcs | grep mailbox; echo end')" 'end' \
	no_box_is_left

tap_done
