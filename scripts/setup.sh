# Sourced by scripts/start and scripts/test: brings a machine with git, Node 20 (or newer) and npm to where both can run.
# Idempotent, asks nothing, says what it does, and ends with a sentence that tells the person what to do when it cannot.

say() { printf 'fluxwatch: %s\n' "$*" >&2; }
fail() {
  printf 'fluxwatch: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo -n "$@"
  else
    return 1
  fi
}

# install_package COMMAND_TO_FIND DEBIAN FEDORA ALPINE HOMEBREW: by whichever package manager is here.
install_package() {
  local apt_name=$2 dnf_name=$3 apk_name=$4 brew_name=$5 log
  log=$(mktemp)
  if command -v apt-get >/dev/null 2>&1; then
    say "installing $apt_name with apt-get"
    { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$apt_name"; } >"$log" 2>&1
  elif command -v dnf >/dev/null 2>&1; then
    say "installing $dnf_name with dnf"
    as_root dnf install -y -q "$dnf_name" >"$log" 2>&1
  elif command -v apk >/dev/null 2>&1; then
    say "installing $apk_name with apk"
    as_root apk add --quiet "$apk_name" >"$log" 2>&1
  elif command -v brew >/dev/null 2>&1; then
    say "installing $brew_name with brew"
    brew install --quiet "$brew_name" >"$log" 2>&1
  fi
  # Not the manager's exit code but the program decides.
  if ! command -v "$1" >/dev/null 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

install_node_packages() {
  command -v node >/dev/null 2>&1 || fail 'node is not on the PATH. Install Node.js 20 or newer (https://nodejs.org), then run this again.'
  command -v npm >/dev/null 2>&1 || fail 'npm is not on the PATH. Install npm (it comes with Node.js), then run this again.'
  local wanted stamp=node_modules/.fluxwatch-setup
  wanted=$(cat package.json package-lock.json | cksum)
  if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    say 'installing the npm packages, Node 24 among them (about a minute)'
    npm install --no-audit --no-fund --loglevel=error >&2 ||
      fail 'npm install failed (see above). Check that the npm registry can be reached, then run this again.'
    # Anew: npm may have put the lock file in order.
    cat package.json package-lock.json | cksum >"$stamp"
  fi
  case "$(node_modules/.bin/node --version 2>/dev/null)" in
    v24.*) ;;
    *) fail 'Node 24 did not arrive with the npm packages: its install script must be allowed to run. Try: rm -rf node_modules && npm install --foreground-scripts' ;;
  esac
}

install_redis() {
  command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1 ||
    install_package redis-server redis-server redis redis redis ||
    install_package valkey-server valkey valkey valkey valkey ||
    fail 'neither redis-server nor valkey-server is here and none could be installed. Install one of them by hand (as root: apt-get install redis-server), then run this again.'
}

install_node_packages
install_redis
export PATH="$PWD/node_modules/.bin:$PATH"
