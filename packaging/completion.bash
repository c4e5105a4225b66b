# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for irqmatrix(1). Commands, options and columns are taken from
# what the program itself says of them, so that they are those of its version.
# shellcheck shell=bash disable=SC2207 # lists of words without blanks

# The commands: " irqmatrix aff [options] ..." of the help.
_irqmatrix_commands()
{
	"$1" --help 2>/dev/null |
		sed -n 's/^ irqmatrix \([a-z][a-z-]*\) .*/\1/p' | sort -u
}

# What a command's help says of its options: "--cpus <list>", "--all".
_irqmatrix_options()
{
	"$@" --help 2>/dev/null |
		sed -n 's/^ \{1,5\}\(-[A-Za-z], \)\{0,1\}\(--[a-z][a-z-]*\(\[=<[a-z]*>\]\| <[a-z]*>\)\{0,1\}\).*/\2/p'
}

# The columns of the view that the line asks for.
_irqmatrix_columns()
{
	local program=$1 view word
	shift
	for word; do
		case $word in
		--devices|--pools|--irqs|--vectors|-d|-p|-i|-v) view=$word ;;
		esac
	done
	# shellcheck disable=SC2086 # none, or one
	"$program" $view --list-columns 2>/dev/null |
		sed -n '2,$s/^\([A-Z][A-Z0-9%-]*\) .*/\1/p'
}

# Numbers, devices and names of a dump's interrupts.
_irqmatrix_irqs()
{
	timeout 10 "$1" --irqs --csv --no-header -o IRQ,DEVICE,ACTION "$2" \
		2>/dev/null | tr -d '"\r' | tr ',' '\n' |
		grep -v -e '^$' -e '[ ?]' | sort -u
}

_irqmatrix_devices()
{
	timeout 10 "$1" --devices --csv --no-header -o DEVICE,CONSUMER "$2" \
		2>/dev/null | tr -d '"\r' | tr ', ' '\n\n' |
		grep -v -e '^$' -e '?' | sort -u
}

# The first word that is a file.
_irqmatrix_dump()
{
	local word
	for word; do
		if [[ $word != -* && -f $word ]]; then
			printf '%s\n' "$word"
			return
		fi
	done
}

# What follows an option that wants a value: by the help's name for it.
# cur, words and program are the caller's.
_irqmatrix_value()
{
	local done=

	case $1 in
	"--output <list>")
		if [[ $cur == *,* ]]; then
			done=${cur%,*},
		elif [[ $cur == +* ]]; then
			done=+
		fi
		COMPREPLY=($(compgen -P "$done" -W \
			"$(_irqmatrix_columns "$program" "${words[@]}")" \
			-- "${cur:${#done}}"))
		compopt -o nospace
		;;
	*"<device>")
		COMPREPLY=($(compgen -W "$(_irqmatrix_devices "$program" \
			"$(_irqmatrix_dump "${words[@]:1}")")" -- "$cur"))
		__ltrim_colon_completions "$cur"
		;;
	*"<when>"*)
		COMPREPLY=($(compgen -W "auto always never" -- "$cur"))
		;;
	*"<dir>"|*"<folder>"|*"<directory>")
		_filedir -d
		;;
	*"<list>"|*"<cpus>"|*"<n>"|*"<size>"|*"<text>"|*"<driver>")
		;;
	*) # <file>, <store> ...
		_filedir
		;;
	esac
}

# The help's word for the option before the cursor, if it wants a value.
_irqmatrix_wanted()
{
	local option=$1
	case $option in
	-o) option=--output ;;
	-c) option=--cpus ;;
	esac
	grep -m 1 -x -e "$option <.*" -e "$option\[=<.*" <<<"$2"
}

_irqmatrix()
{
	local cur prev words cword split program command options wanted dump
	_init_completion -n : -s || return

	program=${words[0]/#\~/$HOME}
	command=
	if [[ $cword -gt 1 && ${words[1]} == [a-z]* ]] &&
	   _irqmatrix_commands "$program" | grep -q -x -e "${words[1]}"; then
		command=${words[1]}
	fi
	# shellcheck disable=SC2086 # none, or one
	options=$(_irqmatrix_options "$program" $command)

	wanted=$(_irqmatrix_wanted "$prev" "$options")
	if [[ $wanted == *" <"* || ( -n $wanted && $split == true ) ]]; then
		_irqmatrix_value "$wanted"
		return
	fi
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(sed 's/[[ ].*//' <<<"$options")" \
			-- "$cur"))
		return
	fi
	dump=$(_irqmatrix_dump "${words[@]:2:cword-2}")
	if [[ $command == aff && -n $dump ]]; then
		COMPREPLY=($(compgen -W "$(_irqmatrix_irqs "$program" "$dump")" \
			-- "$cur"))
		__ltrim_colon_completions "$cur"
		return
	fi
	_filedir
	if [[ $cword -eq 1 ]]; then
		COMPREPLY+=($(compgen -W "$(_irqmatrix_commands "$program")" \
			-- "$cur"))
	fi
} &&
complete -F _irqmatrix irqmatrix
