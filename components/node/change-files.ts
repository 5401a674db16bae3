import { stepLines } from "./batch";
import { forgetAbandoned } from "./confirm-script";
import type { Item, Step } from "./item";
import { restorePath, storePath } from "./kinds/file";
import type { RenderContext } from "./kinds/kind";
import { unitPath } from "./kinds/unit";
import type { Manifest } from "./manifest";
import { ownedItems } from "./manifest";
import { forgetUnitWhenLast, head, isHeld, leave, leaving, life, text } from "./node-text";
import { order } from "./order";
import type { Plan } from "./plan";
import { quote } from "./quote";
import { removeFile, removeRoutesFile } from "./remove-file";

/** The scripts that lie on the node while a change is pending, and after it. Each is whole in itself. */
export interface ChangeFiles {
  apply: string;
  undo: string;
  finish: string;
  replay: string;
  /** Takes the owner off by hand; undefined when what was there before is not known. */
  remove: string | undefined;
  removeRoutes: string;
}

const pending = "/var/lib/podnet/pending";

/** Kinds whose work outlives a reboot; everything else the kernel forgets, and the replay makes anew. */
const lasting = new Set(["directory", "artifact", "file", "unit", "openvswitch"]);

/** What the node will remember, as far as the scripts need it. Without origins the node keeps those it has. */
type Remembered = Pick<Manifest, "state" | "derived"> & Partial<Pick<Manifest, "origins">>;

/** The change that the scripts belong to; they leave every other one alone. */
type ChangeContext = RenderContext & { token: string };

/** @param next undefined when the owner goes. */
export function changeFiles(
  { steps, undo }: Pick<Plan, "steps" | "undo">,
  next: Remembered | undefined,
  context: ChangeContext,
): ChangeFiles {
  const filtered = steps.some(({ kind }) => kind === "nftables") ? (next?.state.nftables ?? []) : [];
  const tables = filtered.map(({ family, table }) => `${family} ${table}`);
  return {
    apply: applyFile(steps, tables, context),
    undo: undoFile(undo, context, next ? leftovers(steps, next) : []),
    finish: finishFile(context, next, steps),
    replay: next ? replayFile([...ownedItems(next).values()], context) : "",
    remove: next?.origins && removeFile({ ...next, origins: next.origins }, context),
    removeRoutes: next ? removeRoutesFile(next.state, context) : "",
  };
}

/** @param tables nftables tables whose listing, as it is after the change, is to be remembered */
function applyFile(steps: Step[], tables: string[], context: ChangeContext): string {
  return text([
    ...head,
    `cd ${pending} && ${isHeld(context.token, "")} || exit 1`,
    life,
    // An undo decides first and then looks for this: whoever comes late on a slow node, one of both sees the other.
    `life $$; echo "$life" > pid; [ ! -e verdict ] || exit 1`,
    `failed() { echo "$1" > failure; exec sh undo.sh failed; }`,
    ...stepLines(steps, context, "strict"),
    ...tables.map(
      (key) =>
        `sum=$(nft -s list table ${key} | sha256sum) && printf '%s\\t%s\\n' ${quote(key)} "\${sum%% *}" >> next/listings || failed ${quote(`nft list table ${key}`)}`,
    ),
    `[ ! -e armed ] || ${forgetNeighbours}`,
    `true > result || failed "say that it is done"`,
  ]);
}

/**
 * A node that can ask nobody for a hardware address lives on for minutes by those that it knows, and would confirm a
 * change that cuts it off later. What others put there (flannel, an EVPN speaker) stays.
 */
const forgetNeighbours = [
  `ip neigh show | while read -r to _ device rest; do`,
  `case $rest in *PERMANENT* | *NOARP* | *extern_learn*) ;; *) echo "neigh delete $to dev $device" ;; esac;`,
  `done | ip -force -batch - 2>/dev/null`,
].join(" ");

/**
 * Undo, by whoever comes first: the timer, a failed step, the provider, or the boot after a reset. After a reset the
 * kernel has forgotten its part: only what lies on the disk is taken back, and the replay of the last committed state
 * follows.
 */
function undoFile(steps: Step[], given: ChangeContext, brought: string[]): string {
  const context = { ...given, restoring: true };
  const { token } = context;
  const onDisk = steps.filter((step) => lasting.has(step.kind));
  return text([
    ...head,
    life,
    `cd ${pending} || exit 0`,
    `mode=$1`,
    // A timer that outlived its change comes by the path, and finds another change there.
    `${isHeld(token, "")} && { [ "$mode" != timer ] || [ "$2" = ${token} ]; } || exit 0`,
    `read -r boot < boot; read -r current < /proc/sys/kernel/random/boot_id; [ "$boot" = "$current" ] || mode=boot`,
    ...decideToUndo,
    // Over in between, and about to be removed: nothing is left to undo, and nothing of this undo stays in its way.
    `[ token -ef ${pending}/token ] || { rm -rf ${leaving(token).join(" ")}; exit 0; }`,
    `kept=; note() { echo "$1" >> undo-failures; }; keep() { kept=1; note "$1"; echo "not undone: $1" >&3; }`,
    `exec 3>&1; if true >> undo-log; then exec >> undo-log 2>&1; else exec >/dev/null 2>&1; fi`,
    ...stopApply,
    `if [ ! -e begun ]; then`,
    `:`,
    `elif [ "$mode" = boot ]; then`,
    `:`,
    ...stepLines(onDisk, context, "undo"),
    `else`,
    `:`,
    ...stepLines(steps, context, "undo"),
    `fi`,
    ...disarm("$mode"),
    // A disk that took nothing may take it later: the next run and the next boot try again.
    `[ -z "$kept" ] || exit 1`,
    ...forgetUnitWhenLast,
    `rm -rf restore; mkdir -p -m 0700 /run/podnet && rm -rf /run/podnet/last && cp -a ${pending} /run/podnet/last`,
    `cd /var/lib/podnet && { [ -e ${context.owner}/manifest.json ] || rm -rf ${context.owner}; }`,
    ...brought.map((sum) => `rm -f ${storePath(context.owner, sum)}`),
    `rmdir ${context.owner}/store 2>/dev/null`,
    ...leave(token),
  ]);
}

/**
 * Decided by one rename, which needs no room on the disk. An undo that was cut short is taken up by whoever comes next.
 * On a disk that takes no rename nobody can confirm either, and the node must come back all the same.
 */
const decideToUndo = [
  `life $$; me=$life`,
  `{ mkdir by-$$ && echo "$me" > by-$$/pid && mv -T by-$$ verdict; } 2>/dev/null || { rm -rf by-$$; mv -T as-undo verdict; } 2>/dev/null`,
  `who() { who=; read -r who 2>/dev/null < verdict/pid; }`,
  `if who; [ "$who" != "$me" ]; then`,
  // A person who is told to undo what is confirmed already wants the change to be over.
  `  if [ -e verdict/commit ]; then [ "$1" = asked ] || exit 0; echo "it is confirmed: it is completed"; exec sh finish.sh; fi`,
  `  [ -e verdict/pid ] || sleep 1`,
  `  if [ "$mode" != boot ] && who && life "\${who%% *}" && [ "$life" = "$who" ]; then exit 0; fi`,
  `  echo "$me" > verdict/pid`,
  `fi 2>/dev/null`,
];

/**
 * What is still being made: the whole process group of a change that runs detached; of one that runs in its connection
 * the shell alone.
 */
const stopApply = [
  `if [ "$mode" != failed ] && [ "$mode" != boot ] && [ ! -e result ] && read -r who < pid && life "\${who%% *}" && [ "$life" = "$who" ]; then`,
  `  kill -9 "-\${who%% *}" || kill -9 "\${who%% *}"`,
  `fi`,
];

function disarm(mode: string): string[] {
  return [
    `if [ "${mode}" = boot ]; then :;`,
    `elif [ -s timer-pid ]; then [ "${mode}" = timer ] || { read -r who < timer-pid; life "\${who%% *}"; [ "$life" != "$who" ] || kill -15 "-\${who%% *}"; } 2>/dev/null;`,
    `elif [ -e armed ] && [ "${mode}" != timer ]; then systemctl stop "podnet-undo-$(cat token).timer" 2>/dev/null; fi`,
  ];
}

/** Run as often as it takes: a commit that was cut short is completed by the next boot. */
function finishFile({ owner, token }: ChangeContext, next: Remembered | undefined, steps: Step[]): string {
  return text([
    ...head,
    life,
    `cd /var/lib/podnet || exit 1`,
    // Two may be at it, and the first may have ended: then another change can be pending.
    `${isHeld(token, "pending/")} || exit 1`,
    ...(next
      ? [
          `set --; for file in pending/next/*; do if [ -e "$file" ]; then set -- "$@" "$file"; fi; done`,
          // Renamed, which needs no room: what was decided can be done on a disk that is full.
          `if [ $# -eq 0 ]; then :; elif [ -d ${owner} ]; then mv -f "$@" ${owner}/; else mv -T pending/next ${owner}; fi || exit 1`,
          ...(next.state.nftables.length === 0 ? [`[ ! -e ${owner}/listings ] || rm -f ${owner}/listings`] : []),
          ...steps.flatMap((step) => keepReplaced(owner, step)),
          ...(next.origins ? [keepOnly(owner, next.origins)] : []),
          `[ ! -d ${owner}/store ] || rmdir ${owner}/store 2>/dev/null`,
        ]
      : [`rm -rf "${owner}"`]),
    `cd pending || exit 1`,
    ...disarm("commit"),
    `[ ! -e /run/podnet ] || { rm -rf /run/podnet/last; ${forgetAbandoned}; rmdir /run/podnet 2>/dev/null; }`,
    ...leave(token),
  ]);
}

/** The file that a step touches. */
export function filePath({ kind, key }: Step): string {
  return kind === "unit" ? unitPath(key) : key;
}

/** What was put by for the undo is what a removal puts back. */
function keepReplaced(owner: string, step: Step): string[] {
  const sum = step.from?.sha256;
  if (!sum) return [];
  const kept = `pending/${restorePath(filePath(step))}`;
  return [`[ ! -e ${kept} ] || mv -f ${kept} ${storePath(owner, String(sum))} || exit 1`];
}

/** Contents of artifacts that were brought for a change, and are nobody's when it is undone. */
function leftovers(steps: Step[], { origins = [] }: Remembered): string[] {
  const needed = new Set(origins.map(({ value }) => value?.sha256));
  const sums = steps.flatMap(({ kind, to }) => (kind === "artifact" && to ? [String(to.sha256)] : []));
  return sums.filter((sum) => !needed.has(sum));
}

/** Of the contents kept for an undo, only those that a removal will need stay. */
function keepOnly(owner: string, origins: Item[]): string {
  const kept = origins.flatMap((item) => (item.value?.sha256 ? [`*/${item.value.sha256}`] : []));
  return `for file in ${owner}/store/*; do [ -e "$file" ] || continue; case $file in ${[...kept, "/never/"].join("|")}) ;; *) rm -f "$file" ;; esac; done`;
}

/** Made anew, where a route is only set, so that the replay can also be run by hand. */
function isMade({ kind, value, shared }: Item): boolean {
  return value !== null && !shared && kind !== "route";
}

/** What the kernel forgets at a reset, made anew at boot before the pods come. */
function replayFile(items: Item[], context: RenderContext): string {
  const steps = items
    .filter(({ kind }) => !lasting.has(kind))
    .map((item): Step => ({ kind: item.kind, key: item.key, from: isMade(item) ? null : {}, to: item.value }));
  const lines = (chosen: Step[]) => stepLines(order(chosen), context, "tolerant");
  const routes = lines(steps.filter(({ kind }) => kind === "route"));
  return text([
    ...head,
    `note() { echo "podnet ${context.owner}: failed: $1" >&2; }`,
    ...lines(steps.filter(({ kind }) => kind !== "route")),
    ...(routes.length > 0 ? untilTaken(routes) : []),
  ]);
}

/** A NIC may get its address later than its service says it has started, and its next hops with it. */
function untilTaken(lines: string[]): string[] {
  return [
    `turn=0; until (`,
    `  failed=0; note() { failed=1; }`,
    ...lines.map((line) => `  ${line}`),
    `  exit $failed`,
    `); do turn=$((turn + 1)); [ $turn -lt 30 ] || { note routes; break; }; sleep 1; done`,
  ];
}
