#compdef irqmatrix
# SPDX-License-Identifier: GPL-3.0-or-later
# zsh completion for irqmatrix(1): installed as _irqmatrix. Like that of bash,
# it takes commands, options and columns from what the program itself prints,
# so that they are those of its version.

# The commands: " irqmatrix aff [options] ..." of the help.
_irqmatrix_commands()
{
	$1 --help 2>/dev/null |
		sed -n 's/^ irqmatrix \([a-z][a-z-]*\) .*/\1/p' | sort -u
}

# What a command's help says of its options: "--cpus <list>", "--all",
# "--color[=<when>]", "--redo[=failed]".
_irqmatrix_options()
{
	$@ --help 2>/dev/null |
		sed -n 's/^ \{1,5\}\(-[A-Za-z], \)\{0,1\}\(--[a-z][a-z-]*\(\[=<\{0,1\}[a-z]*>\{0,1\}\]\| <[a-z]*>\)\{0,1\}\).*/\2/p'
}

# The same as "--cpus:only these CPUs", for _describe.
_irqmatrix_described()
{
	$@ --help 2>/dev/null |
		sed -n 's/^ \{1,5\}\(-[A-Za-z], \)\{0,1\}\(--[a-z][a-z-]*\)[^ ]*\( <[a-z]*>\)\{0,1\} *\(.*\)$/\2:\4/p'
}

# The columns of the view that the line asks for.
_irqmatrix_columns()
{
	local program=$1 word
	local -a view
	shift
	for word; do
		case $word in
		--devices|--pools|--irqs|--vectors|-d|-p|-i|-v) view=($word) ;;
		esac
	done
	$program $view --list-columns 2>/dev/null |
		sed -n '2,$s/^\([A-Z][A-Z0-9%-]*\) .*/\1/p'
}

# Those lines that the shell takes as they are. compadd does not expand its
# words; this is so that what is on the command line is what it looks like.
_irqmatrix_plain()
{
	LC_ALL=C grep -x -e '[A-Za-z0-9@%+:=./_-]\{1,\}' | sort -u
}

# Numbers, devices and names of a dump's interrupts.
_irqmatrix_irqs()
{
	timeout 10 $1 --irqs --csv-raw --no-header -o IRQ,DEVICE,ACTION \
		$2 2>/dev/null | tr -d '"\r' | tr ',' '\n' | _irqmatrix_plain
}

_irqmatrix_devices()
{
	timeout 10 $1 --devices --csv-raw --no-header -o DEVICE,CONSUMER \
		$2 2>/dev/null | tr -d '"\r' | tr ', ' '\n\n' | _irqmatrix_plain
}

# The questions that a store can be asked.
_irqmatrix_questions()
{
	$1 query $2 2>/dev/null | sed -n '2,$s/^\([a-z][a-z-]*\) .*/\1/p'
}

# The dump: --latest, --live, or the first word that is a file.
_irqmatrix_dump()
{
	local word
	for word; do
		word=${(Q)word}
		if [[ $word == --latest || $word == --live || ( $word != -* && -f $word ) ]]; then
			print -r -- $word
			return
		fi
	done
}

# What follows an option that wants a value, by the help's name for it.
_irqmatrix_value()
{
	local -a list

	case $1 in
	"--output <list>"|"--columns <list>")
		list=(${(f)"$(_irqmatrix_columns $program ${words[2,-1]})"})
		compset -P '*,' || compset -P '+'
		compadd -S '' -a list
		;;
	*"<device>")
		list=(${(f)"$(_irqmatrix_devices $program "$dump")"})
		compadd -a list
		;;
	*"<when>"*)
		compadd auto always never
		;;
	*"[="[a-z]*"]")
		compadd ${${1#*=}%]}
		;;
	*"<dir>")
		_path_files -/
		;;
	*"<list>"|*"<cpus>"|*"<n>"|*"<s>"|*"<mb>"|*"<size>"|*"<text>"| \
	*"<driver>"|*"<devices>")
		_message ${${1#*<}%>}
		;;
	*) # <file>, <store> ...
		_files
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
		option=$($@ --help 2>/dev/null |
			sed -n "s/^ $option, \(--[a-z-]*\).*/\1/p")
	fi
	[[ $option == --[a-z]* ]] || return
	_irqmatrix_options $@ | grep -m 1 -x -e "$option <.*" -e "$option\[=.*"
}

_irqmatrix()
{
	local program=${${(Q)words[1]}/#\~\//$HOME/} wanted dump
	local -a commands command list

	commands=(${(f)"$(_irqmatrix_commands $program)"})
	if (( CURRENT > 2 && ${commands[(Ie)${words[2]}]} )); then
		command=(${words[2]})
	fi
	dump=$(_irqmatrix_dump ${words[2,CURRENT-1]})
	if [[ $PREFIX == --*=* ]]; then
		wanted=$(_irqmatrix_wanted ${PREFIX%%=*} $program $command)
		[[ -n $wanted ]] && compset -P 1 '*=' &&
			_irqmatrix_value $wanted
		return
	fi
	wanted=$(_irqmatrix_wanted ${words[CURRENT-1]} $program $command)
	if [[ $wanted == *" <"* ]]; then
		_irqmatrix_value $wanted
	elif [[ $PREFIX == -* ]]; then
		list=(${(f)"$(_irqmatrix_described $program $command)"})
		_describe -o option list
	elif [[ $command == aff && -n $dump ]]; then
		list=(${(f)"$(_irqmatrix_irqs $program $dump)"})
		compadd -a list
	elif [[ $command == query && -n $dump && ${(Q)words[CURRENT-1]} == $dump ]]; then
		list=(${(f)"$(_irqmatrix_questions $program $dump)"})
		compadd -a list
	else
		(( CURRENT == 2 )) && compadd -a commands
		_files
	fi
}

_irqmatrix "$@"
