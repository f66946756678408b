# shellcheck shell=bash
# Shared by the scripts in tools/ci/: Markdown for a pull request, and which stacks there are.

# shellcheck source=tools/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT" || exit

LIMIT=60000 # characters: a comment on GitHub takes 65,536

# stacks_of FOLDER: the stacks that have a file in FOLDER/stacks, without `local`, which is nobody's but the developer's.
stacks_of() {
  local file name
  for file in "$1"/stacks/*.yaml; do
    name=$(basename "$file" .yaml)
    case $name in Pulumi.* | local | '*') ;; *) printf '%s\n' "$name" ;; esac
  done
}

# fenced LANGUAGE: standard input as a block of code, cut where it gets too long; nothing in it can end the block.
fenced() {
  local text
  text=$(sed "s/\`\`\`/'''/g")
  # shellcheck disable=SC2016 # Markdown
  printf '```%s\n%s\n```\n' "$1" "${text:0:LIMIT}"
  [ "${#text}" -le "$LIMIT" ] || printf '\nThe rest was cut: it has %s characters.\n' "${#text}"
}
