/** How every script begins that stays on a node. */
export const head = ["LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; export PATH", "umask 077"];

/** The unit that acts at boot, and the link by which it is enabled. */
export const [unit, link] = ["/etc/systemd/system", "/etc/systemd/system/multi-user.target.wants"].map(
  (folder) => `${folder}/podnet.service`,
);

/**
 * What runs podnet's part of a boot, also where a reset cut its writing short, or a disk took the half of this. Fails
 * where a disk takes nothing: it may later.
 */
const forgetUnit = [
  `[ ! -e ${unit} ] || { systemctl disable -q podnet.service 2>/dev/null; rm -f ${unit}; systemctl daemon-reload; }`,
  `rm -f ${unit}.new ${link}`,
  `[ ! -e ${unit} ] && [ ! -L ${link} ] || exit 1`,
];

const whenLast = `for file in */manifest.json; do [ -e "$file" ] && exit 0; done`;

/** With the last owner goes all that podnet keeps on a node. */
export const forgetWhenLast = [
  `cd /var/lib/podnet || exit 0`,
  whenLast,
  ...forgetUnit,
  `cd / && rm -rf /var/lib/podnet`,
];

/** The first of it, while all that an undo needs to be tried again is still there. */
export const forgetUnitWhenLast = [
  `( cd /var/lib/podnet && { ${whenLast}`,
  ...forgetUnit,
  `} ) || { echo "not undone: ${unit}" >&3; exit 1; }`,
];

/**
 * Shell function that sets `life` to a process and when it began, in clock ticks since boot: a number alone is given to
 * another process later, and scripts here run as root.
 */
export const life = `life() { life=; read -r life 2>/dev/null < "/proc/$1/stat" || { life=; return 1; }; set -- "$1" \${life##*) }; life="$1 \${21}"; }`;

/** Whether the pending change, seen from `folder`, is still this one. */
export const isHeld = (token: string, folder: string) =>
  `{ held=; read -r held 2>/dev/null < ${folder}token; [ "$held" = ${token} ]; }`;

/** Where a change lies that is over, until it is removed: beside the owners that stay, or with all of podnet. */
export const leaving = (token: string) => [`/var/lib/podnet/.done-${token}`, `/var/lib/.podnet-${token}`] as const;

/**
 * Gives the lock back. With the last owner goes all that podnet keeps on a node, in one rename and under the lock: a
 * change that somebody else prepares meanwhile finds itself without a place, and begins anew.
 */
export const leave = (token: string) => [
  `cd /var/lib/podnet || exit 1; set -- ${leaving(token).join(" ")}`,
  `${isHeld(token, "pending/")} || exit 0`,
  `for file in */manifest.json; do`,
  `  if [ -e "$file" ]; then mv -T pending "$1" && rm -rf "$1"; exit; fi`,
  `done`,
  ...forgetUnit,
  // Where it is a file system of its own, it cannot be renamed.
  `cd /; if mv -T /var/lib/podnet "$2" 2>/dev/null; then rm -rf "$2"`,
  `else rm -rf /var/lib/podnet/pending && rm -rf /var/lib/podnet/*; rmdir /var/lib/podnet 2>/dev/null; [ ! -e /var/lib/podnet/pending ]; fi`,
];

export function text(lines: string[]): string {
  return `${lines.join("\n")}\n`;
}
