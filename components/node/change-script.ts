import { installBoot } from "./boot-files";
import { type ChangeFiles, filePath } from "./change-files";
import { abandoned, commitFile } from "./confirm-script";
import type { ManifestTexts } from "./facts";
import { generation, wrap } from "./facts-script";
import type { Step } from "./item";
import { restorePath, sha256 } from "./kinds/file";
import { routeProtocol } from "./kinds/route";
import { isHeld, leave, life } from "./node-text";
import { outcomes } from "./outcomes";
import type { Plan } from "./plan";
import { probeLines } from "./probes";
import { quote } from "./quote";
import type { NodeStateDocument } from "./state";

export interface Change {
  owner: string;
  token: string;
  plan: Pick<Plan, "steps" | "undo">;
  /** undefined: the owner goes. */
  wanted: NodeStateDocument | undefined;
  files: ChangeFiles;
  /** What the node will remember; undefined when the owner goes. Without origins it keeps those it has. */
  next: (Partial<ManifestTexts> & Pick<ManifestTexts, "manifest">) | undefined;
  /** SHA-256 of the manifest that the facts showed; the node must still have it. */
  previousManifest: string | undefined;
  /** What the facts showed of all owners' changes; the node must still show it. undefined: the facts were not read. */
  generation: string | undefined;
  /** The undo is armed, and the change waits for a confirmation over a new connection. */
  confirmed: boolean;
  /** Seconds until the node undoes the change by itself. */
  windowSeconds: number;
  /** Shell commands; what works before the change must work after it. */
  probes: string[];
}

/**
 * The script that makes a change. All it needs is put into one directory, which becomes the pending change by one
 * rename: that is the lock, and from there on the node can undo by itself. A change that waits for confirmation runs
 * detached from the connection, which may not survive it.
 */
export function changeScript(change: Change): string {
  const { owner, token, files } = change;
  const write = (path: string, content: string) =>
    `printf %s ${quote(content)} > ${path} || refuse ${outcomes.unprepared}`;
  return wrap([
    `LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; export PATH; umask 077`,
    `[ -d /var/lib/podnet ] || mkdir -p /var/lib/podnet; cd /var/lib/podnet || exit ${outcomes.unprepared}`,
    `read -r boot < /proc/sys/kernel/random/boot_id; dir=.new-$boot-${token}`,
    ...refuse(owner, token),
    // A reset in the middle of preparing, before there was anything that acts at boot, left its half behind.
    `for file in .new-*; do case $file in ".new-$boot-"* | ".new-*") ;; *) rm -rf "$file" ;; esac; done`,
    `mkdir "$dir" "$dir/next" "$dir/restore" "$dir/as-undo" "$dir/as-commit" || refuse ${outcomes.unprepared}`,
    `echo "$boot" > "$dir/boot" || refuse ${outcomes.unprepared}`,
    `true > "$dir/as-undo/undo" && true > "$dir/as-commit/commit" || refuse ${outcomes.unprepared}`,
    write('"$dir/owner"', owner),
    write('"$dir/token"', token),
    write('"$dir/apply.sh"', files.apply),
    write('"$dir/undo.sh"', files.undo),
    write('"$dir/finish.sh"', files.finish),
    write('"$dir/commit.sh"', commitFile),
    ...(change.next
      ? [
          write('"$dir/next/manifest.json"', change.next.manifest),
          // Compared where the node is not read first: a line costs no process, as a hash does.
          write('"$dir/next/manifest.sum"', `${sha256(change.next.manifest)}\n`),
          ...(change.next.origins ? [write('"$dir/next/origins.json"', change.next.origins)] : []),
          write('"$dir/next/replay.sh"', files.replay),
          write('"$dir/next/remove-routes.sh"', files.removeRoutes),
          ...(files.remove === undefined ? [] : [write('"$dir/next/remove.sh"', files.remove)]),
        ]
      : []),
    `read -r uptime _ < /proc/uptime; uptime=\${uptime%%.*}`,
    `echo $((uptime + ${Math.ceil(change.windowSeconds)})) > "$dir/deadline"`,
    ...(change.confirmed ? probeLines(change.probes) : []),
    `if ! mv -T "$dir" pending 2>/dev/null; then`,
    `  [ -e pending ] || refuse ${outcomes.unprepared}`,
    `  echo "$(cat pending/owner) $(cat pending/deadline) $uptime"; refuse ${outcomes.pendingElse}`,
    `fi`,
    // The last owner may have gone meanwhile, and this directory with it.
    `held=; read -r held 2>/dev/null < /var/lib/podnet/pending/token; [ "$held" = ${token} ] || exit ${outcomes.pendingElse}`,
    ...unchanged(change),
    `[ ! -e ${abandoned(token)} ] || { rm -f ${abandoned(token)}; release ${outcomes.outdated}; }`,
    ...(change.plan.steps.some(isSaved) ? makeDirectory(`${owner}/store`) : []),
    ...change.plan.steps.filter(isSaved).map(save),
    ...installBoot,
    `true > pending/begun || release ${outcomes.unprepared}`,
    ...(change.confirmed ? detached(change) : foreground(change)),
  ]);
}

/** Ends a change that has not begun: nothing of it stays. */
function refuse(owner: string, token: string): string[] {
  return [
    `refuse() {`,
    `  rm -rf "$dir"; [ -e pending ] || [ -e ${owner}/manifest.json ] || rm -rf ${owner}`,
    `  rmdir /var/lib/podnet 2>/dev/null; exit "$1"`,
    `}`,
    `release() { code=$1; ( rmdir ${owner}/store; [ -e ${owner}/manifest.json ] || rm -rf ${owner}; give_back ) 2>/dev/null; exit "$code"; }`,
    `give_back() {`,
    ...leave(token),
    `}`,
  ];
}

/** Under the lock: what the plan was made from must still be so. */
function unchanged({ owner, previousManifest = "", generation: seen }: Change): string[] {
  if (seen !== undefined)
    return [...generation, `sum=$(generation); [ "\${sum%% *}" = ${quote(seen)} ] || release ${outcomes.outdated}`];
  return [
    `sum=; read -r sum 2>/dev/null < ${owner}/manifest.sum`,
    `[ "$sum" = ${quote(previousManifest)} ] || release ${outcomes.outdated}`,
  ];
}

/**
 * No step of it was thought able to cut the node off; whether the way back to whoever makes the change is the same as
 * before is looked at all the same, on the node, which needs no connection for it.
 */
function foreground({ token, generation }: Change): string[] {
  const [before, isKept] =
    generation === undefined
      ? // Only podnet's own routes were set: one look tells whether the way back takes one of them.
        [
          [],
          `[ -z "$client" ] || { way=$(ip -N -o route get fibmatch "$client") && [ "\${way#* proto ${routeProtocol} }" = "$way" ]; }`,
        ]
      : [[`way() { [ -z "$client" ] || ip -o route get "$client" 2>&1; }; before=$(way)`], `[ "$(way)" = "$before" ]`];
  return [
    // sudo takes the variable away; its own process still has it.
    `client=\${SSH_CONNECTION%% *}; [ -n "$client" ] || client=$(tr '\\000' '\\n' < /proc/$PPID/environ 2>/dev/null | sed -n 's/^SSH_CONNECTION=\\([^ ]*\\) .*/\\1/p')`,
    ...before,
    `(. pending/apply.sh) > pending/log 2>&1`,
    ...ifUndone(token),
    `if ${isKept}; then set -- ${token}; . pending/commit.sh; exit $?; fi`,
    `sh pending/undo.sh failed; exit ${outcomes.wayChanged}`,
  ];
}

function detached({ token, windowSeconds }: Change): string[] {
  const seconds = Math.ceil(windowSeconds);
  return [
    // On a node that is slow the provider's patience ends while this is still at it, and the lock is another's.
    `held() { ${isHeld(token, '"$1"')}; }`,
    `if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then`,
    `  systemd-run --quiet --collect --on-active=${seconds} --timer-property=AccuracySec=100ms --unit=podnet-undo-${token} /bin/sh /var/lib/podnet/pending/undo.sh timer ${token} && held pending/ && true > pending/armed`,
    `else`,
    `  (cd pending && held "" && exec setsid sh -c ${quote(`${life}; life $$; echo "$life" > timer-pid; sleep ${seconds}; exec sh undo.sh timer ${token}`)} </dev/null >/dev/null 2>&1) &`,
    `  true > pending/armed`,
    `fi`,
    `held pending/ || { systemctl stop podnet-undo-${token}.timer 2>/dev/null; exit ${outcomes.stillRunning}; }`,
    // Armed, and the disk did not take the word: the timer would find nothing of its own, and is stopped all the same.
    `[ -e pending/armed ] || { systemctl stop podnet-undo-${token}.timer 2>/dev/null; sh pending/undo.sh failed; exit ${outcomes.unarmed}; }`,
    `(cd pending && held "" && exec setsid sh apply.sh </dev/null > log 2>&1) & wait $!`,
    ...ifUndone(token),
    `exit ${outcomes.applied}`,
  ];
}

/** A step that failed has undone the change already, or has left what the disk did not take to whoever comes next. */
function ifUndone(token: string): string[] {
  return [
    `held=; read -r held 2>/dev/null < pending/token`,
    `if [ "$held" != ${token} ]; then last=/run/podnet/last`,
    // No step of it failed: the timer, or somebody by hand, was quicker than this shell.
    `  ended=; read -r ended 2>/dev/null < $last/token`,
    `  [ "$ended" != ${token} ] || [ -e $last/failure ] || exit ${outcomes.stillRunning}`,
    `elif [ -e pending/result ]; then last=`,
    `else [ -e pending/failure ] || exit ${outcomes.stillRunning}; last=pending`,
    `fi`,
    `[ -z "$last" ] || { cat $last/failure $last/log $last/undo-failures 2>/dev/null; exit ${outcomes.undone}; }`,
  ];
}

function makeDirectory(path: string): string[] {
  return [`[ -d ${path} ] || mkdir -p ${path} || release ${outcomes.unprepared}`];
}

/** What a step replaces is kept, by its hash, for the undo and for the day the owner goes. */
const isSaved = (step: Step) => Boolean(step.from?.sha256);

function save(step: Step): string {
  const path = filePath(step);
  return `cp ${quote(path)} pending/${restorePath(path)} || release ${outcomes.unprepared}`;
}
