# Sourced by every script here: stops at the first error, works from the repository's root, finds the tools that
# setup has brought.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/build/tools/bin:$PATH"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# Runs a command when the files it depends on differ from when it last succeeded.
when_changed() {
  local stamp=build/stamps/$1 inputs=$2 now
  shift 2
  # shellcheck disable=SC2086
  now=$(cat $inputs | sha256sum)
  [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return
  "$@"
  mkdir -p build/stamps
  printf '%s\n' "$now" >"$stamp"
}
