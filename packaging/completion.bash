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

# What a command's help says of its options: "--cpus <list>", "--all",
# "--color[=<when>]", "--redo[=failed]".
_irqmatrix_options()
{
	"$@" --help 2>/dev/null |
		sed -n 's/^ \{1,5\}\(-[A-Za-z], \)\{0,1\}\(--[a-z][a-z-]*\(\[=<\{0,1\}[a-z]*>\{0,1\}\]\| <[a-z]*>\)\{0,1\}\).*/\2/p'
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

# Those lines that are names the shell takes as they are. compgen -W expands its
# words, so $(...) in a name of the dump would run.
_irqmatrix_plain()
{
	LC_ALL=C grep -x -e '[A-Za-z0-9@%+:=./_-]\{1,\}' | sort -u
}

# Numbers, devices and names of a dump's interrupts.
_irqmatrix_irqs()
{
	timeout 10 "$1" --irqs --csv-raw --no-header -o IRQ,DEVICE,ACTION \
		"$2" 2>/dev/null | tr -d '"\r' | tr ',' '\n' |
		_irqmatrix_plain
}

_irqmatrix_devices()
{
	timeout 10 "$1" --devices --csv-raw --no-header -o DEVICE,CONSUMER \
		"$2" 2>/dev/null | tr -d '"\r' | tr ', ' '\n\n' |
		_irqmatrix_plain
}

# The questions that a store can be asked.
_irqmatrix_questions()
{
	"$1" query "$2" 2>/dev/null | sed -n '2,$s/^\([a-z][a-z-]*\) .*/\1/p'
}

# The dump: --latest, --live, or the first word that is a file.
_irqmatrix_dump()
{
	local word
	for word; do
		if [[ $word == --latest || $word == --live || ( $word != -* && -f $word ) ]]; then
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
	"--output <list>"|"--columns <list>")
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
	*"[="[a-z]*"]")
		done=${1#*=}
		COMPREPLY=($(compgen -W "${done%]}" -- "$cur"))
		;;
	*"<dir>")
		_filedir -d
		;;
	*"<list>"|*"<cpus>"|*"<n>"|*"<s>"|*"<mb>"|*"<size>"|*"<text>"| \
	*"<driver>"|*"<devices>")
		;;
	*) # <file>, <store> ...
		_filedir
		;;
	esac
}

# _irqmatrix_wanted OPTION COMMAND...: the help's word for the option, if it
# wants a value.
_irqmatrix_wanted()
{
	local option=$1
	shift
	if [[ $option == -[A-Za-z] ]]; then
		option=$("$@" --help 2>/dev/null |
			sed -n "s/^ $option, \(--[a-z-]*\).*/\1/p")
	fi
	_irqmatrix_options "$@" | grep -m 1 -x -e "$option <.*" -e "$option\[=.*"
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
	wanted=$(_irqmatrix_wanted "$prev" "$program" $command)
	if [[ $wanted == *" <"* || ( -n $wanted && $split == true ) ]]; then
		_irqmatrix_value "$wanted"
		return
	fi
	if [[ $cur == -* ]]; then
		# shellcheck disable=SC2086 # none, or one
		options=$(_irqmatrix_options "$program" $command)
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
	if [[ $command == query && -n $dump && $prev == "$dump" ]]; then
		COMPREPLY=($(compgen -W "$(_irqmatrix_questions "$program" \
			"$dump")" -- "$cur"))
		return
	fi
	_filedir
	if [[ $cword -eq 1 ]]; then
		COMPREPLY+=($(compgen -W "$(_irqmatrix_commands "$program")" \
			-- "$cur"))
	fi
} &&
complete -F _irqmatrix irqmatrix
