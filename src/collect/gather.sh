# Prints the files of this node that evpnlint reads, with their secrets masked. It only reads, and makes no file.
#
# PLACES (patterns of paths), MOST_BYTES (of one file), MOST_FILES, and the words that announce secrets (words.rs) are set
# before it. What it prints, line by line:
#
#   @evpnlint 1      what is printed before is no business of ours: a greeting, what a profile says
#   @host NAME       the node's own name
#   >PATH            the lines of a file follow, each behind a bar
#   <ok              and this is its end, behind a line end that is not the file's; or <unreadable, <unmasked
#   !WHY PATH        a file that is there and is not printed
#   @failed WHY      nothing can be read
#   @end             that was all

# Of the plugins for other servers, only what is no secret of theirs.
PLUGINS='
s/^([[:blank:]]*)#.*/\1#********/
/^[[:blank:]]*(url|ttl|section|namespace|reverse[a-z0-9]*)[[:blank:]]/b words
s/^([[:blank:]]+[^[:blank:]]+[[:blank:]]+).*/\1********/
b end
:words'

# Of guests, only what is said of their network.
GUESTS='
/^(net[0-9]+|ipconfig[0-9]+|name|hostname|template|onboot|ostype|tags|lxc\.net\.[0-9a-z.]+)[[:blank:]]*[:=]/b end
/^\[[^]]*\][[:blank:]]*$/b end
s/^#.*/#********/
t end
s/^([A-Za-z0-9_.]+:[[:blank:]]*).*/\1********/
t end
s/.+/********/
b end'

# Of kernel parameters, only those of IP; of the others nothing but their lines is left.
SYSCTL='
/^[[:blank:]]*-?[[:blank:]]*net[./]ipv[46][./]/!s/.+/#/
s/^([^=]*(key|secret)[^=]*=).*/\1 ********/
t end'

# Of WireGuard, neither keys nor whom they belong to.
WIREGUARD='
s/^([[:blank:]]*)#.*/\1#********/
/^[[:blank:]]*(\[(Interface|Peer)\])?[[:blank:]]*$/Ib end
/^[[:blank:]]*(P(re|ost)(Up|Down))[[:blank:]]*=/Ib command
s/#.*/#********/
/^[[:blank:]]*(Address|MTU|Table|AllowedIPs|Endpoint|ListenPort|FwMark|PersistentKeepalive|SaveConfig)[[:blank:]]*=/Ib command
s/=.*/= ********/
t end
s/[^[:blank:]]+/********/g
b end
:command'

# Keys that nothing announces: by their shape, in URLs, in PEM.
SHAPES="
/$PEM_BEGIN.*$PEM_END/s/-----BEGIN .*/********/
/$PEM_BEGIN/,/$PEM_END/s/.*/********/
s/[0-9A-Fa-f]{$HEX_DIGITS,}/********/g
s#[A-Za-z0-9+/]{$BASE64_CHARACTERS,}=#********#g
s#(://[^/@:[:space:]\"']*:)[^/[:space:]\"']+@#\\1********@#g
s#(://)[^/@:[:space:]\"']{$TOKEN_CHARACTERS,}@#\\1********@#g"

# Values behind keys, of one line.
JSON="$SHAPES
s/(\"([A-Za-z0-9_-]*${ANNOUNCE}[0-9]*|([A-Za-z0-9_-]*[-_])?($WHOLE|$ASSIGNED))\"[[:blank:]]*:[[:blank:]]*)(\"([^\"\\\\]|\\\\.)*\"|[^][\"{},[:blank:]][^],}]*)/\\1\"********\"/Ig"

# A mark goes where secrets begin, and every word behind the first of them is masked. A name behind a word such as
# route-map announces nothing, unless in a comment.
WORDS="$SHAPES
/^[[:blank:]]*$LISTING[[:blank:]]/b end
/^[[:blank:]#!]*key[[:blank:]]+(chain[[:blank:]]|[0-9]+[[:blank:]]*\$)/b named
s/^([[:blank:]#!]*key[[:space:]]+)([^[:space:]])/\\1$CUT\\2/I
/^[[:blank:]]*[#!]/b named
s/(^|[[:blank:]$JOIN])($NAMING)([[:blank:]$JOIN]+[^[:space:]$JOIN]+) /\\1\\2\\4$JOIN/Ig
s/(^|[[:blank:]$JOIN])($NAMING)([[:blank:]$JOIN]+[^[:space:]$JOIN]+) /\\1\\2\\4$JOIN/Ig
:named
$PHRASES
s/($ANNOUNCE[0-9]*[\"']*([:=][[:space:]]*|[[:space:]]+($BETWEEN[[:space:]]+)*))([^[:space:]$JOIN])/\\1$CUT\\6/I
s/((^|[^A-Za-z0-9])$WHOLE[\"']*([:=][[:space:]]*|[[:space:]]+($BETWEEN[[:space:]]+)*))([^[:space:]$JOIN])/\\1$CUT\\7/I
s/((^|[^A-Za-z0-9])($ASSIGNED[\"']*|$VARIABLES[A-Za-z0-9_]*)[:=][[:space:]]*)([^[:space:]$JOIN])/\\1$CUT\\6/I
s/((^|[[:space:]$JOIN])$LOGINS[[:space:]=]*[^:[:space:]$JOIN]+:)([^[:space:]$JOIN])/\\1$CUT\\4/
y/$JOIN/ /
/$CUT/!b end
h
s/^[^$CUT]*$CUT//
s/$CUT//g
$HIDE_BEHIND
s/[^[:space:]$FIRST_BEHIND$SECOND_BEHIND]+/********/g
$SHOW_BEHIND
x
s/$CUT.*//
G
s/\\n//"

# A command of ifupdown2's goes on behind a backslash: so many lines are looked at together.
NETWORK="s/$GOES_ON/?/g
:more
/\\\\\$/{
\$!{
/(\\n[^\\n]*){40}/!{
N
b more
}
}
}
s/\\\\\\n/$GOES_ON/g
$WORDS"

END=":end
s/^/|/"
NETWORK_END="$END
s/$GOES_ON/\\\\\\
|/g"

# Prints a file, once. Fails where it does not.
take() {
    [ -e "$1" ] || [ -L "$1" ] || return 1
    case $1 in
    *[[:cntrl:]]* | *..* | /*) return 1 ;;
    esac
    case $SEEN in
    *"
$1
"*) return 1 ;;
    esac
    SEEN="$SEEN$1
"
    if [ "$MOST_FILES" -le 0 ]; then
        echo "!many $1"
        return 1
    fi
    MOST_FILES=$((MOST_FILES - 1))
    if ! [ -e "$1" ]; then
        echo "!dangling $1"
        return 1
    elif ! [ -f "$1" ]; then
        # So a file of parameters is switched off (sysctl.d(5)).
        case $1 in
        */sysctl.d/*) [ "$(readlink -f "$1")" = /dev/null ] && printf '>%s\n\n<ok\n' "$1" && return ;;
        esac
        [ -d "$1" ] || echo "!special $1"
        return 1
    elif ! [ -r "$1" ]; then
        echo "!unreadable $1"
        return 1
    fi
    # A link must not lead to a key; Proxmox's store has none but its own.
    case $1 in
    etc/pve/*) ;;
    *)
        real=$(readlink -f "$1")
        case ${real#"$HERE"/} in
        etc/frr/* | etc/quagga/* | etc/network/* | etc/hostname | var/lib/ifupdown2/*) ;;
        etc/sysctl.conf | etc/sysctl.d/* | run/sysctl.d/* | usr/lib/sysctl.d/* | usr/local/lib/sysctl.d/*) ;;
        etc/wireguard/*) ;;
        *)
            echo "!outside $1"
            return 1
            ;;
        esac
        ;;
    esac
    size=$(wc -c <"$1") || size=0
    if [ "$size" -gt "$MOST_BYTES" ]; then
        echo "!long $1"
        return 1
    fi
    # No sed reads UTF-16, nor a line behind a NUL byte.
    if [ "$(tr -cd '\000' <"$1" | wc -c)" -gt 0 ]; then
        echo "!binary $1"
        return 1
    fi
    case $(head -c 2 "$1" | od -An -tx1) in
    *ff*fe* | *fe*ff*)
        echo "!binary $1"
        return 1
        ;;
    esac
    end=$END
    case $1 in
    etc/pve/sdn/ipams.cfg | etc/pve/sdn/dns.cfg) mask="$PLUGINS
$WORDS" ;;
    etc/pve/nodes/*) mask=$GUESTS ;;
    etc/wireguard/*) mask="$WIREGUARD
$WORDS" ;;
    */sysctl.conf | */sysctl.d/*) mask="$SYSCTL
$WORDS" ;;
    *.json | etc/pve/sdn/.running-config) mask=$JSON ;;
    etc/network/*) mask=$NETWORK end=$NETWORK_END ;;
    *) mask=$WORDS ;;
    esac
    echo ">$1"
    state=$({
        { head -c "$MOST_BYTES" <"$1" 2>/dev/null || echo unreadable >&3; } |
            sed -E -e "$mask" -e "$end" 2>/dev/null >&4 || echo unmasked >&3
    } 3>&1)
    printf '\n<%s\n' "${state:-ok}"
    [ -z "$state" ]
}

# Prints a file of interfaces, and those below /etc/network that its lines name.
network() {
    take "$1" || return
    set -f
    for pattern in $(sed -n -E -e 's/^[[:blank:]]*source[[:blank:]]+//p' \
        -e 's#^[[:blank:]]*source-directory[[:blank:]]+([^[:blank:]]+).*#\1/*#p' <"$1"); do
        case $pattern in
        *..*) continue ;;
        /etc/network/*) pattern=${pattern#/} ;;
        /*) continue ;;
        *) pattern=${1%/*}/$pattern ;;
        esac
        set +f
        for file in $pattern; do
            network "$file"
        done
        set -f
    done
    set +f
}

gather() {
    LC_ALL=C
    export LC_ALL
    PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
    IFS=' 	
'
    SEEN='
'
    exec 4>&1
    printf '\n@evpnlint 1\n'
    if ! cd "${EVPNLINT_ROOT:-/}" 2>/dev/null; then
        echo '@failed there is no folder EVPNLINT_ROOT'
        return
    fi
    HERE=$(pwd -P)
    HERE=${HERE%/}
    name=$(uname -n)
    if [ -n "$EVPNLINT_ROOT" ] && [ -f etc/hostname ]; then
        name=$(head -c 256 etc/hostname | head -n 1)
    fi
    echo "@host $name"
    for mask in "$PLUGINS
$WORDS" "$WIREGUARD
$WORDS" "$SYSCTL
$WORDS" "$GUESTS" "$NETWORK" "$WORDS" "$JSON"; do
        masked=$(printf '\t"secret": "x"\n' | sed -E -e "$mask" -e "$NETWORK_END" 2>/dev/null)
        case $masked in
        *x*) masked= ;;
        esac
        case $masked in
        *\*\*\** | '|#') ;;
        *)
            echo '@failed its sed cannot mask secrets'
            return
            ;;
        esac
    done
    for path in $PLACES; do
        case $path in
        etc/network/interfaces*) network "$path" ;;
        *) take "$path" ;;
        esac
    done
    echo '@end'
}
gather </dev/null
