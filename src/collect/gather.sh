# Prints the files of this node that evpnlint reads, with their secrets masked. It only reads, and makes no file.
#
# PLACES (patterns of paths), MOST_BYTES (of one file) and MOST_FILES are set before it. What it prints, line by line:
#
#   @evpnlint 1      what is printed before is no business of ours: a greeting, what a profile says
#   @host NAME       the node's own name
#   >PATH            the lines of a file follow, each behind a bar
#   <ok              and this is its end, behind a line end that is not the file's; or <unreadable, <unmasked
#   !WHY PATH        a file that is there and is not printed
#   @failed WHY      nothing can be read
#   @end             that was all

# What a sed that sees a control character for a blank takes for part of the word before it.
JOIN=$(printf '\001')

ANNOUNCE='(password|passwd|passw|p[as]*s[as]*w?[ord]+|passphrase|pwd?|secret|psk|token|md5|key-string'
ANNOUNCE="$ANNOUNCE|authentication-key|auth-key|private-key|preshared-key|wireless-key|api-?key)"
NAMING='route-map|vrf|interface|peer-group|prefix-list|access-list|as-path|community-list|neighbor|router|chain'
NAMING="$NAMING|key-chain|update-source|zone|mode|hash-algo"

# Of the plugins for other servers, only what is no secret of theirs.
PLUGINS='
s/^([[:blank:]]*)#.*/\1#********/
/^[[:blank:]]*(url|ttl|section|namespace|reverse[a-z0-9]*)[[:blank:]]/b url
s/^([[:blank:]]+[^[:blank:]]+[[:blank:]]+).*/\1********/
b end'

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

# Keys that nothing announces, in commands: of MACsec, of IPsec, of WireGuard.
KEYS='
s/[0-9A-Fa-f]{32,}/********/g
s#[A-Za-z0-9+/]{43}=#********#g'

# First the commands in which something follows the secret or its announcement is an odd one. Then every word behind
# one that announces, unless that is a name.
WORDS="
/-----BEGIN .*PRIVATE KEY/,/-----END /s/.*/********/
s/((hash-algo|cryptographic-algorithm) [^[:blank:]]+ key )[^[:blank:]]+/\\1********/
t end
s/(((area|domain)-password|(isis|openfabric) password) (clear |md5 )?)([^[:blank:]]+)/\\1********/
t end
s/((authentication string|nhrp authentication|tcp-md5-auth) )[^[:blank:]].*/\\1********/
t end
/^[[:blank:]]*[\"{}]/b json
/^[[:blank:]]*(auto|iface|interface|allow-[a-z]+|source|source-directory)[[:blank:]]/b url
/^[[:blank:]]*key[[:blank:]]+(chain[[:blank:]]|[0-9]+[[:blank:]]*\$)/b end
s/(^|[[:blank:]$JOIN])($NAMING)([[:blank:]]+[^[:blank:]$JOIN]+) /\\1\\2\\3$JOIN/g
s/(^|[[:blank:]$JOIN])($NAMING)([[:blank:]]+[^[:blank:]$JOIN]+) /\\1\\2\\3$JOIN/g
t named
:named
s/^([[:blank:]]*key[[:blank:]]+)([^[:blank:]])/\\1\\
\\2/
t split
s/((^|[[:blank:]$JOIN])[^[:blank:]$JOIN]*${ANNOUNCE}[0-9]*([:=][[:blank:]]*|[[:blank:]]+((8|0|md5|clear|encrypted|string)[[:blank:]]+)*))([^[:blank:]])/\\1\\
\\7/I
t split
b joined
:split
h
s/.*\\n//
s/[^[:blank:]]+/********/g
x
s/\\n.*//
G
s/\\n//
:joined
y/$JOIN/ /
:json
s/(\"([A-Za-z0-9_-]*${ANNOUNCE}[0-9]*|key)\"[[:blank:]]*:[[:blank:]]*)(\"([^\"\\\\]|\\\\.)*\"|[^][\"{},[:blank:]][^],}]*)/\\1\"********\"/Ig
:url
s#(://[^/@:[:blank:]]*:)[^/@[:blank:]]+@#\\1********@#g"

END=':end
s/^/|/'

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
    case $1 in
    etc/pve/sdn/ipams.cfg | etc/pve/sdn/dns.cfg) mask="$PLUGINS
$WORDS" ;;
    etc/pve/nodes/*) mask=$GUESTS ;;
    etc/network/*) mask="$KEYS
$WORDS" ;;
    *) mask=$WORDS ;;
    esac
    echo ">$1"
    state=$({
        { head -c "$MOST_BYTES" <"$1" 2>/dev/null || echo unreadable >&3; } |
            sed -E -e "$mask" -e "$END" 2>/dev/null >&4 || echo unmasked >&3
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
$WORDS" "$GUESTS" "$KEYS
$WORDS"; do
        masked=$(printf '\tmd5 x\n' | sed -E -e "$mask" -e "$END" 2>/dev/null)
        case $masked in
        *\*\*\*) ;;
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
