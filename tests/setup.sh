# Set-up shared by tests/run, examples/demo and tests/fresh-root: sourced by
# bash, with $source_root set to the project's folder.

say () {
  printf '\n=== %s\n' "$*"
}

fail () {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# package_names GROUP...: the packages of these groups, one a line
package_names () {
  local group
  for group; do
    awk -v group="$group" '$1 == group { print $2 }' \
      "$source_root/tests/packages.debian"
  done | sort -u
}

package_is_installed () {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Where apt is not the way, or may not be used: say what is wanted and go on if
# the tools of the build are there all the same.
print_what_to_install () {
  local tool
  cat >&2 <<TEXT
These are needed, under the names that Debian gives them:

$(package_names "$@" | sed 's/^/    /')

They are: a C compiler, meson and pkg-config; GStreamer 1.22 or newer with its
base, good, bad and libnice plugins and their development files; libsoup 3;
json-glib; Pango; for the local server pocketsphinx 5prealpha with its US English
model, and flite.
TEXT
  for tool in cc meson ninja pkg-config; do
    command -v "$tool" >/dev/null \
      || fail "'$tool' is missing: install the above and try again"
  done
  echo "The tools are there; going on with what is installed." >&2
}

# setup_packages GROUP...: installs what is missing, by apt as root or sudo
setup_packages () {
  local -a missing=() as_root=()
  local name

  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "This is not a Debian system"
    print_what_to_install "$@"
    return
  fi
  while read -r name; do
    package_is_installed "$name" || missing+=("$name")
  done < <(package_names "$@")
  [ ${#missing[@]} -gt 0 ] || return 0

  say "Installing ${#missing[@]} packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! { [ -t 0 ] || sudo -n true 2>/dev/null; }
    then
      printf 'Not root, and sudo cannot ask: run this as root:\n\n' >&2
      printf '    apt-get install --no-install-recommends %s\n\n' "${missing[*]}" >&2
      print_what_to_install "$@"
      return
    fi
    as_root=(sudo)
  fi
  # An update that fails in one of the system's sources need not matter.
  "${as_root[@]}" apt-get -q update </dev/null \
    || echo "apt-get update failed; trying with the lists there are" >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends "${missing[@]}" </dev/null \
    || fail "the packages could not be installed; apt's words are above"
}

# configure_build DIR [MESON OPTION...]
configure_build () {
  local dir=$1
  shift
  if [ -e "$dir/build.ninja" ]; then
    # The first does not know options that are newer than the build folder.
    meson configure "$dir" "$@" 2>/dev/null \
      || meson setup --reconfigure "$dir" "$source_root" "$@" || return
  else
    meson setup "$dir" "$source_root" "$@" || return
  fi
}
