# What the scripts share: finding the tree, and installing Debian packages that are missing. Sourced.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

build_packages=(g++ cmake ninja-build pkg-config libseccomp-dev libcli11-dev nlohmann-json3-dev
  libfmt-dev libdw-dev libelf-dev libmnl-dev python3)
test_packages=(catch2 gettext python3-jsonschema curl iproute2 net-tools strace procps)
# Languages that a test chats in: the package is wanted only where the command is missing, for people
# have their own.
test_commands=(go:golang-go node:nodejs javac:default-jdk-headless rustc:rustc)
check_packages=(clang-format-19 clang-tidy-19)

say() { printf '== %s\n' "$*"; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# packages_of COMMAND:PACKAGE...: the packages of the commands that are missing.
packages_of() {
  local each
  for each in "$@"; do
    command -v "${each%%:*}" >/dev/null || echo "${each#*:}"
  done
}

# install PACKAGE...: says what is missing, installs just that, as root or through sudo.
install() {
  local missing=() package as_root=()
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing Debian packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "error: these packages are missing: ${missing[*]}" >&2
      echo "hint: install them as root, or install sudo" >&2
      exit 1
    }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# build PRESET TESTS [TARGET...]: TESTS is ON or OFF; without it only the program and what it needs is
# configured, so that nothing of the tests has to be installed.
build() {
  local preset=$1 tests=$2
  shift 2
  say "building ($preset)"
  cmake --preset "$preset" "-DSOCKTALE_TESTS=$tests" >/dev/null
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
