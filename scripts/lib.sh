# What the scripts share: finding the tree, and installing Debian packages that are missing. Sourced.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

build_packages=(g++ cmake ninja-build pkg-config libseccomp-dev libcli11-dev nlohmann-json3-dev libsimdjson-dev
  libfmt-dev libdw-dev libelf-dev libmnl-dev libre2-dev python3)
# redis-tools: its /usr/bin/redis-check-rdb is the very server, under another name; the package named
# redis-server would start it. The libraries are those of nginx and sshd, which come by unpacked_servers.
test_packages=(catch2 gcc-multilib gettext python3-jsonschema curl iproute2 net-tools strace procps redis-tools
  libcrypt1 libpcre2-8-0 libssl3 zlib1g tmux tshark libpython3.11-testsuite dpkg-dev file groff-base
  openssh-client netcat-openbsd socat libwrap0 libpam0g libgssapi-krb5-2)
# Languages that a test chats in: the package is wanted only where the command is missing, for people
# have their own.
test_commands=(go:golang-go node:nodejs javac:default-jdk-headless rustc:rustc)
# What the tests of the page need beside node: its modules, a browser, and type for both languages.
web_commands=(npm:npm chromium:chromium)
web_packages=(fonts-dejavu-core fonts-noto-cjk)
# ccache: with it each file is compiled on its own, as clang-tidy wants it (CMakeLists.txt).
check_packages=(clang-format-19 clang-tidy-19 clang-19 libclang-rt-19-dev ccache)

say() { printf '== %s\n' "$*"; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# packages_of COMMAND:PACKAGE...: the packages of the commands that are missing.
packages_of() {
  local each
  for each in "$@"; do
    command -v "${each%%:*}" >/dev/null || echo "${each#*:}"
  done
}

# as_root COMMAND...: as root already, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# install PACKAGE...: says what is missing, installs just that, as root or through sudo.
install() {
  local missing=() package
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing Debian packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "error: these packages are missing: ${missing[*]}" >&2
    echo "hint: install them as root, or install sudo" >&2
    exit 1
  fi
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    ${CI:+-o Dpkg::Options::=--force-unsafe-io} "${missing[@]}" # a machine thrown away after it need not sync each file
}

# Servers that tests run themselves and whose packages would start one on this machine: into
# build/tools, where only the tests look (tests/e2e/support.py). Nothing of them is installed.
unpacked_servers() {
  local tools=build/tools
  mkdir -p "$tools/bin"
  command -v redis-server >/dev/null || ln -sf /usr/bin/redis-check-rdb "$tools/bin/redis-server"
  unpacked nginx nginx
  unpacked sshd openssh-server
}

# unpacked SERVER PACKAGE: that one, into build/tools/SERVER.
unpacked() {
  local tools=build/tools server=$1 package=$2
  if command -v "$server" >/dev/null || [ -x "$tools/bin/$server" ]; then return 0; fi
  say "unpacking Debian's $package into $tools (it is not installed, and no service starts)"
  rm -rf "${tools:?}/$server"
  mkdir -p "$tools/$server"
  (
    cd "$tools/$server"
    # Without a list of packages, as on a fresh image, there is nothing to be downloaded yet.
    apt-get download -q -o APT::Sandbox::User=root "$package" ||
      { as_root apt-get update -q && apt-get download -q -o APT::Sandbox::User=root "$package"; }
    dpkg -x "$package"_*.deb .
  )
  ln -sf "../$server/usr/sbin/$server" "$tools/bin/$server"
}

# npm's modules for the tests of the page, at the versions of package-lock.json; nothing is fetched when
# those are there. Where npm's registry cannot be reached the rest is still tested.
install_modules() (
  cd reports/web
  cmp -s package-lock.json node_modules/.installed && return
  say "installing npm modules in reports/web"
  if npm ci --no-audit --no-fund --loglevel=error; then
    cp package-lock.json node_modules/.installed
  else
    echo "error: npm's modules cannot be installed; the web tests are skipped" >&2
    echo "hint: with the network there, run scripts/test again" >&2
  fi
)

# build PRESET TESTS [TARGET...]: TESTS is ON or OFF; without it only the program and what it needs is
# configured, so that nothing of the tests has to be installed.
build() {
  local preset=$1 tests=$2
  shift 2
  say "building ($preset)"
  cmake --preset "$preset" "-DSOCKTALE_TESTS=$tests" >/dev/null
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
