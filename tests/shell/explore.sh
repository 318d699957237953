# explore.sh - explore finds each race of race(1), and none in its cure.
. tests/tap.sh
RUN=${RUN:-tools/run}

said=$(TIMEOUT=300 $RUN 'for race in update abba order wakeup once swap; do
	explore -m -b 2 -t 60 -w /tmp/$race race $race > /tmp/said
	echo $race: $?
	explore -m -r /tmp/$race race $race > /tmp/said
	echo $race again: $?
	explore -m -b 1 -t 60 race $race cured > /tmp/said
	echo $race cured: $? $(grep -c "all with at most 1" /tmp/said)
done
explore -r /tmp/abba race abba; echo without: $?
explore -m -r /tmp/abba philosophers; echo other: $?
(echo schedule 2; echo kernel 1; tail -n +3 /tmp/abba) > /tmp/kernel
explore -m -r /tmp/kernel race abba; echo kernel: $?
echo nonsense > /tmp/nonsense; explore -r /tmp/nonsense race; echo nonsense: $?
explore no-such-program; echo missing: $?
explore -b 0 race update; echo no memory: $?
explore -l -b 0 sh -c "mkfifo /tmp/left" > /tmp/said
echo leak: $? $(grep -c "leaves behind: names 1" /tmp/said) $(ls /tmp/left)
explore -l -b 0 sh -c "mkfifo /tmp/left; rm /tmp/left"; echo no leak: $?
explore -m -b 2 -t 1 race order cured > /tmp/said
echo rest: $(grep -c "^about [1-9]0* more with" /tmp/said)
explore -s - race order | grep "^step 0: task 0, position [0-9]*, choice 0 of 1"
explore -s 1:x:1 race order; echo no choice: $?
explore philosophers --deadlock | grep "^deadlock\|stuck"' 2>&1)

for race in update abba order wakeup once swap; do
	is "$(echo "$said" | grep "^$race: ")" "$race: 1" "${race}_is_not_found"
	is "$(echo "$said" | grep "^$race again: ")" "$race again: 1" \
		"${race}_does_not_come_again"
	is "$(echo "$said" | grep "^$race cured: ")" "$race cured: 0 1" \
		"cured_${race}_fails_or_is_not_completed"
done
is "$(echo "$said" | grep '^without: ')" 'without: 2' schedule_loses_its_memory
is "$(echo "$said" | grep '^other: ')" 'other: 2' schedule_of_another_program
is "$(echo "$said" | grep '^kernel: ')" 'kernel: 2' schedule_of_another_kernel
is "$(echo "$said" | grep -c 'is for another build of the kernel')" 1 \
	refusal_does_not_name_the_kernel
is "$(echo "$said" | grep '^nonsense: ')" 'nonsense: 2' file_is_no_schedule
is "$(echo "$said" | grep '^missing: ')" 'missing: 2' missing_program_fails
is "$(echo "$said" | grep '^no memory: ')" 'no memory: 0' \
	"race_in_memory_shows_between_calls"
is "$(echo "$said" | grep '^leak: ')" 'leak: 1 1' name_left_behind_is_no_failure
is "$(echo "$said" | grep '^no leak: ')" 'no leak: 0' name_removed_is_a_failure
is "$(echo "$said" | grep -c '^step 0: task 0')" 1 decisions_are_not_shown
is "$(echo "$said" | grep '^no choice: ')" 'no choice: 2' choice_is_no_choice
is "$(echo "$said" | grep '^rest: ')" 'rest: 1' \
	schedules_left_are_not_estimated
is "$(echo "$said" | grep -c 'deadlock: philosophers.* waits for')" 1 \
	circle_of_philosophers_is_not_shown
is "$(echo "$said" | tail -n 1)" \
	'the program is stuck: its tasks wait for each other' \
	deadlock_is_not_told
tap_done
