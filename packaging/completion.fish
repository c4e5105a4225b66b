# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for irqmatrix(1): installed as irqmatrix.fish. Like that of
# bash, it takes commands, options and columns from what the program itself
# prints, so that they are those of its version.

# The commands: " irqmatrix aff [options] ..." of the help.
function __irqmatrix_commands
    $argv[1] --help 2>/dev/null |
        sed -n 's/^ irqmatrix \([a-z][a-z-]*\) .*/\1/p' | sort -u
end

# What a command's help says of its options: "--cpus <list>", "--all",
# "--color[=<when>]", "--redo[=failed]".
function __irqmatrix_options
    $argv --help 2>/dev/null |
        sed -n 's/^ \{1,5\}\(-[A-Za-z], \)\{0,1\}\(--[a-z][a-z-]*\(\[=<\{0,1\}[a-z]*>\{0,1\}\]\| <[a-z]*>\)\{0,1\}\).*/\2/p'
end

# The same with what they mean after a tab.
function __irqmatrix_described
    $argv --help 2>/dev/null |
        sed -n 's/^ \{1,5\}\(-[A-Za-z], \)\{0,1\}\(--[a-z][a-z-]*\)[^ ]*\( <[a-z]*>\)\{0,1\} *\(.*\)$/\2\t\4/p'
end

# The columns of the view that the line asks for.
function __irqmatrix_columns
    set -l view
    for word in $argv[2..]
        contains -- $word --devices --pools --irqs --vectors -d -p -i -v
        and set view $word
    end
    $argv[1] $view --list-columns 2>/dev/null |
        sed -n '2,$s/^\([A-Z][A-Z0-9%-]*\) .*/\1/p'
end

# Those lines that the shell takes as they are. fish does not expand what a
# completion prints; this is so that what is on the command line is what it
# looks like.
function __irqmatrix_plain
    LC_ALL=C grep -x -e '[A-Za-z0-9@%+:=./_-]\{1,\}' | sort -u
end

# Numbers, devices and names of a dump's interrupts.
function __irqmatrix_irqs
    timeout 10 $argv[1] --irqs --csv-raw --no-header -o IRQ,DEVICE,ACTION \
        $argv[2] 2>/dev/null | tr -d '"\r' | tr ',' '\n' | __irqmatrix_plain
end

function __irqmatrix_devices
    timeout 10 $argv[1] --devices --csv-raw --no-header -o DEVICE,CONSUMER \
        $argv[2] 2>/dev/null | tr -d '"\r' | tr ', ' '\n\n' | __irqmatrix_plain
end

# The questions that a store can be asked.
function __irqmatrix_questions
    $argv[1] query $argv[2] 2>/dev/null |
        sed -n '2,$s/^\([a-z][a-z-]*\) .*/\1/p'
end

# The dump: --latest, --live, or the first word that is a file.
function __irqmatrix_dump
    for word in $argv
        if contains -- "$word" --latest --live
            or begin
                not string match -q -- '-*' $word
                and test -f $word
            end
            printf '%s\n' $word
            return
        end
    end
end

# __irqmatrix_wanted OPTION COMMAND...: the help's word for the option, if it
# wants a value.
function __irqmatrix_wanted
    set -l option $argv[1]
    if string match -q -r '^-[A-Za-z]$' -- $option
        set option ($argv[2..] --help 2>/dev/null |
            sed -n "s/^ $option, \(--[a-z-]*\).*/\1/p")
    end
    string match -q -r '^--[a-z]' -- "$option"
    and __irqmatrix_options $argv[2..] |
        grep -m 1 -x -e "$option <.*" -e "$option\[=.*"
end

# __irqmatrix_value WANTED TYPED DUMP PROGRAM WORD...: what follows an option
# that wants a value, by the help's name for it.
function __irqmatrix_value
    switch $argv[1]
        case '--output <list>' '--columns <list>'
            set -l done (string replace -r '[^,+]*$' '' -- $argv[2])
            printf '%s\n' $done(__irqmatrix_columns $argv[4..])
        case '*<device>'
            __irqmatrix_devices $argv[4] $argv[3]
        case '*<when>*'
            printf '%s\n' auto always never
        case '*[=*]'
            string replace -r '.*=(.*)\]' '$1' -- $argv[1]
        case '*<dir>'
            __fish_complete_directories $argv[2] ''
        case '*<list>' '*<cpus>' '*<n>' '*<s>' '*<mb>' '*<size>' '*<text>' \
            '*<driver>' '*<devices>'
        case '*' # <file>, <store> ...
            __fish_complete_path $argv[2]
    end
end

function __irqmatrix_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program (string replace -r '^~/' $HOME/ -- $words[1])
    set -l command
    if set -q words[2]; and contains -- $words[2] (__irqmatrix_commands $program)
        set command $words[2]
    end
    set -l dump (__irqmatrix_dump $words[2..])
    if string match -q -- '--*=*' $typed
        set -l option (string split -m 1 = -- $typed)
        set -l wanted (__irqmatrix_wanted $option[1] $program $command)
        test -n "$wanted"
        and printf '%s\n' $option[1]=(__irqmatrix_value $wanted $option[2] \
            "$dump" $program $words[2..])
        return
    end
    set -l wanted (__irqmatrix_wanted $words[-1] $program $command)
    if string match -q '* <*' -- $wanted
        __irqmatrix_value $wanted "$typed" "$dump" $program $words[2..]
    else if string match -q -- '-*' $typed
        __irqmatrix_described $program $command
    else if test "$command" = aff -a -n "$dump"
        __irqmatrix_irqs $program $dump
    else if test "$command" = query -a -n "$dump" -a "$words[-1]" = "$dump"
        __irqmatrix_questions $program $dump
    else
        set -q words[2]
        or __irqmatrix_commands $program
        __fish_complete_path $typed
    end
end

complete -c irqmatrix -f -a '(__irqmatrix_complete)'
