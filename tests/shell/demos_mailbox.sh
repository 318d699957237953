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

is "$($RUN '(echo hello; echo bye) | chat solo; echo status $?
	ls /ipc/mailbox; chat')" \
	'solo comes
solo: hello
solo: bye
solo leaves
status 0
usage: chat NAME
Says the lines of its input to all who chat; prints what all say.' \
	one_guest_talks_to_himself

# Each guest waits for the words of the second guest: bert sees all words, anna
# the words since she came.
talk='until test -e /tmp/bert; do sleep 0.1; done
(until grep -q "anna: bye" /tmp/bert; do sleep 0.1; done; echo farewell) |
	chat bert > /tmp/bert &
until grep -q "bert comes" /tmp/bert; do sleep 0.1; done
(echo hello; echo bye; until grep -q "bert leaves" /tmp/anna; do
	sleep 0.1; done) | chat anna > /tmp/anna
wait; cat /tmp/bert; echo --; cat /tmp/anna; ls /ipc/mailbox'
is "$($RUN "touch /tmp/bert /tmp/anna; $talk")" 'bert comes
anna comes
anna: hello
anna: bye
bert: farewell
bert leaves
--
anna comes
anna: hello
anna: bye
bert: farewell
bert leaves
anna leaves' two_guests_hear_the_same_words
# The guest's two processes are killed, but not the room, which began between.
is "$($RUN 'sleep 100 | chat ghost > /tmp/g & until grep -q comes /tmp/g; do
	sleep 0.1; done
	ps | grep " chat" > /tmp/p; for p in $(head -n 1 /tmp/p | cut -c1-5) \
	$(tail -n 1 /tmp/p | cut -c1-5); do kill -9 $p; done
	sleep 0.1; echo hi | chat anna; ls /ipc/mailbox')" 'anna comes
anna: hi
anna leaves' killed_guest_is_found_out

# `ipcs` shows the waiting processes of a box, and `why` the reason.
is "$($RUN 'sleep 100 | chat solo > /tmp/s & until grep -q comes /tmp/s; do
	sleep 0.1; done; ipcs | grep mailbox | tr -s " " | cut -d" " -f3-6,8-
	why $(ps | grep " chat" | tail -n 1 | cut -c1-5) | head -n 2 |
	tr -d "0-9" | cut -d";" -f2')" \
	'mailbox /chat 1 2 0 of 8 messages, 0 bytes
 who could end it: chat()
 who could end it: chat(), chat()' who_waits_at_a_box_and_for_whom

tap_done
