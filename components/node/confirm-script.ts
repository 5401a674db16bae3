import { wrap } from "./facts-script";
import { outcomes } from "./outcomes";
import { quote } from "./quote";

/** Confirms: the token fits, the work is done, what worked before works again. From its verdict on, nothing undoes. */
export const commitFile = [
  `cd /var/lib/podnet/pending 2>/dev/null || exit ${outcomes.notPending}`,
  `token=; read -r token 2>/dev/null < token; [ "$token" = "$1" ] || exit ${outcomes.notPending}`,
  `[ -e result ] || exit ${outcomes.stillRunning}`,
  `[ ! -e verdict/commit ] || { (. ./finish.sh); exit; }`,
  // After a reset what works proves nothing: the kernel has forgotten the change, and the boot takes it back.
  `read -r boot < boot; read -r current < /proc/sys/kernel/random/boot_id`,
  `[ "$boot" = "$current" ] || exit ${outcomes.notPending}`,
  `if [ -e probes ]; then while read -r probe; do`,
  `  turn=0; until (eval "$probe") >/dev/null 2>&1 </dev/null; do`,
  `    turn=$((turn + 1)); [ $turn -lt 5 ] || { echo "$probe"; exit ${outcomes.probeFailed}; }; sleep 0.3`,
  `  done`,
  `done < probes; fi`,
  `mv -T as-commit verdict 2>/dev/null || { [ ! -e verdict ] || exit ${outcomes.notPending}; exit ${outcomes.unwritable}; }`,
  `(. ./finish.sh) || exit ${outcomes.unwritable}`,
  "",
].join("\n");

export function commitScript(token: string): string {
  return wrap([
    `[ -e /var/lib/podnet/pending/commit.sh ] || exit ${outcomes.notPending}`,
    // Gone in between, a shell says so by 1, 2 or 127: with 1, as bash does, the next attempt sees that it is gone.
    `(set -- ${token}; . /var/lib/podnet/pending/commit.sh) 2>/dev/null; code=$?`,
    `case $code in 2 | 127) exit ${outcomes.notPending} ;; *) exit $code ;; esac`,
  ]);
}

const marks = "/run/podnet/abandoned";

/** Where it is said of a change that nobody waits for it any more. Not a disk's: no script outlives a reset. */
export const abandoned = (token: string) => `${marks}/${token}`;

/** No connection brings a script an hour later: the end of another change takes the mark away by then. */
export const forgetAbandoned =
  `read -r now _ < /proc/uptime; for file in ${marks}/*; do [ -e "$file" ] || continue; since=; read -r since < "$file"; ` +
  `[ $((\${now%%.*} - \${since:-0})) -lt 3600 ] || rm -f "$file"; done; rmdir ${marks} 2>/dev/null`;

/**
 * Sees to it that a change that is not pending does not begin later: its script may lie in a connection that was cut,
 * or be slow. Whoever takes the lock looks at the mark afterwards, and here the lock is looked at after marking: one of
 * both sees the other.
 */
export function abandonScript(token: string): string {
  const isPending = `[ "$(cat /var/lib/podnet/pending/token 2>/dev/null)" = ${token} ]`;
  return wrap([
    `umask 077; ${isPending} && exit 0`,
    `read -r since _ < /proc/uptime; mkdir -p -m 0700 /run/podnet ${marks} && echo "\${since%%.*}" > ${abandoned(token)}`,
    `if ${isPending}; then rm -f ${abandoned(token)}; fi`,
  ]);
}

/** Takes a pending change back at once; one whose confirmation was cut short is brought to its end. */
export function undoScript(token: string): string {
  return wrap([
    `cd /var/lib/podnet/pending 2>/dev/null && [ "$(cat token)" = ${quote(token)} ] || exit 0`,
    `if [ -e verdict/commit ]; then sh finish.sh; else sh undo.sh asked; fi`,
  ]);
}
