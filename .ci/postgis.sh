#!/bin/sh
# A throw-away PostgreSQL cluster with PostGIS for the storage tests.
#   .ci/postgis.sh start DIRECTORY   starts it and prints its URL
#   .ci/postgis.sh stop DIRECTORY    stops it and removes the directory
#   .ci/postgis.sh again DIRECTORY   starts it on the same port after it was killed
# Only 127.0.0.1, a free port, a password of its own. Durability is off: never keep data in it.
set -eu

usage() { echo "usage: $0 start|again|stop DIRECTORY" >&2; exit 2; }
[ $# -eq 2 ] || usage
action=$1
dir=$2

initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
[ -n "$initdb" ] || initdb=$(command -v initdb) || { echo "PostgreSQL is not installed" >&2; exit 3; }
bin=$(dirname "$initdb")

# PostgreSQL refuses to run as root.
as_owner() { if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

start() {
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '%s' "$password" > "$dir/password")
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$dir"
    as_owner "$bin/initdb" --no-sync --encoding=UTF8 --locale=C --username=countygrid \
        --auth=scram-sha-256 --pwfile="$dir/password" -D "$dir/cluster" > "$dir/initdb.log" 2>&1 \
        || { cat "$dir/initdb.log" >&2; exit 4; }
    for port in $(shuf -i 20000-32000 -n 10); do
        options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$dir'"
        options="$options -c fsync=off -c full_page_writes=off -c jit=off"
        if as_owner "$bin/pg_ctl" start -w -s -D "$dir/cluster" -l "$dir/server.log" -o "$options" > /dev/null 2>&1; then
            printf '%s' "$options" > "$dir/options"
            PGPASSWORD=$password "$bin/psql" -q -h 127.0.0.1 -p "$port" -U countygrid -d postgres \
                -c "CREATE EXTENSION postgis SCHEMA public" >&2 || { stop; exit 5; }
            echo "postgresql://countygrid:$password@127.0.0.1:$port/postgres"
            return
        fi
    done
    cat "$dir/server.log" >&2
    exit 4
}

again() {
    for _ in $(seq 100); do  # what is left of a killed server takes a moment to be gone
        as_owner "$bin/pg_ctl" start -w -s -D "$dir/cluster" -l "$dir/server.log" -o "$(cat "$dir/options")" \
            > /dev/null 2>&1 && return
        sleep 0.1
    done
    tail -n 20 "$dir/server.log" >&2
    exit 4
}

stop() {
    if [ -f "$dir/cluster/postmaster.pid" ]; then
        as_owner "$bin/pg_ctl" stop -s -m immediate -D "$dir/cluster" > /dev/null || true
    fi
    [ ! -f "$dir/password" ] || rm -rf "$dir"
}

case $action in
    start) start ;;
    again) again ;;
    stop) stop ;;
    *) usage ;;
esac
