import { createHash } from "node:crypto";
import { pathAttributes } from "../facts";
import type { Attributes, Step } from "../item";
import { quote } from "../quote";
import { disk, type Kind, type Operation, type RenderContext, requirePresent } from "./kind";

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Whole files. Content is named by its hash; what was there before is kept in the owner's store on the node. */
export const file: Kind = {
  items: (state) =>
    state.files.map(({ path, content, mode, uid, gid }) => ({
      kind: "file",
      key: path,
      value: { type: "file", sha256: sha256(content), mode, uid, gid },
    })),
  ask: (key, questions) => questions.paths.push(key),
  observe: (facts, key) => pathAttributes(facts.paths.get(key)),
  render: ({ key, from, to }, context) =>
    to ? [(from === null && createFile(key, to, context)) || replaceFile(key, to, context)] : [removeFile(key)],
  danger: ({ key }) => decidesLogin(key),
  irreversible: unlessPlainFile,
};

/** Accounts and what is asked of them, and keys of any user in the folder that sshd looks into. */
const logins = [
  /^\/etc\/(ssh|sudo|passwd|g?shadow|group|nsswitch\.conf|pam\.|security\/|login|securetty|shells|nologin)/,
  /^\/etc\/(hosts\.(allow|deny)|sssd|nslcd|krb5|libnss|ldap)/,
  /^(\/var)?\/run\/nologin$/,
  /\/\.ssh(\/|$)/,
];

/** Why a change of what is at this path could keep people, and podnet, from logging in. */
export function decidesLogin(path: string): string | undefined {
  return logins.some((pattern) => pattern.test(path)) ? "it decides who may log in" : undefined;
}

/** A symbolic link, a socket or a device at a file's place cannot be put back from a copy of its content. */
export function unlessPlainFile(step: Step): string | undefined {
  return step.from && step.from.type !== "file" ? `${step.key} is not a plain file` : undefined;
}

/**
 * In one write and without a process, under the umask that makes its mode: nobody reads a file that is not there yet.
 * undefined: this one takes more.
 */
function createFile(path: string, value: Attributes, { restoring, contents }: RenderContext): Operation | undefined {
  const content = contents.get(String(value.sha256));
  const mask = maskOf(String(value.mode));
  if (restoring || content === undefined || mask === undefined || value.uid !== 0 || value.gid !== 0) return undefined;
  const write = `umask ${mask}; printf %s ${quote(content)} > ${quote(path)} && umask 077`;
  return disk(`write ${path}`, `${write} || { umask 077; rm -f ${quote(path)}; false; }`);
}

/** Temporary name, owner and mode, then rename: nobody ever reads half a file. */
export function replaceFile(path: string, value: Attributes, context: RenderContext): Operation {
  const { sha256: sum, mode, uid, gid } = requirePresent(value);
  const content = context.contents.get(String(sum));
  const temporary = quote(`${path}.podnet-new`);
  const mask = context.restoring || content === undefined ? undefined : maskOf(String(mode));
  const print = `printf %s ${quote(content ?? "")} > ${temporary}`;
  const given =
    content === undefined
      ? `cp ${quote(storePath(context.owner, String(sum)))} ${temporary}`
      : mask
        ? `{ [ ! -e ${temporary} ] || rm -f ${temporary}; umask ${mask}; ${print}; }`
        : print;
  const kept = restorePath(path);
  // On a disk that is read-only in between, what lies beside the file may be the half of a change, and the copy is there
  // still. Where it is not, it comes back whole or not at all, also from another disk.
  const [source, otherwise] = context.restoring
    ? [
        `{ mv -f ${kept} ${temporary} 2>/dev/null || ${given}; }`,
        `[ -e ${kept} ] || { { cp ${temporary} ${kept}.back || mv -f ${temporary} ${kept}.back; } && mv -f ${kept}.back ${kept}; }`,
      ]
    : [given, `umask 077; rm -f ${temporary}`];
  // Written by root: it is root's already.
  const owner = uid === 0 && gid === 0 ? "" : `chown ${uid}:${gid} ${temporary} && `;
  const attributes = `${owner}${mask ? "umask 077" : `chmod ${quote(String(mode))} ${temporary}`}`;
  const write = `${source} && ${attributes} && mv -f ${temporary} ${quote(path)} || { ${otherwise}; false; } 2>/dev/null`;
  return disk(`write ${path}`, context.restoring ? `${isRestored(path, value)} || { ${write}; }` : write);
}

/** A file that nobody executes gets its mode by the umask it is made under, which takes no process as chmod does. */
function maskOf(mode: string): string | undefined {
  return /^0[0246]{3}$/.test(mode) ? `0${(0o777 ^ Number.parseInt(mode, 8)).toString(8).padStart(3, "0")}` : undefined;
}

/** An undo that was tried before has used up the copies of what it brought back. */
function isRestored(path: string, { sha256: sum, mode, uid, gid }: Attributes): string {
  const found = `"$(sha256sum < ${quote(path)} 2>/dev/null)"`;
  const rest = `chown ${uid}:${gid} ${quote(path)} && chmod ${quote(String(mode))} ${quote(path)}`;
  return `{ [ ! -e ${restorePath(path)} ] && [ ${found} = ${quote(`${sum}  -`)} ] && ${rest}; }`;
}

/**
 * And what a reset in the middle of writing it left beside it. What counts is that it is not there: what could not be
 * made cannot be removed either.
 */
export function removeFile(path: string): Operation {
  const name = quote(path);
  return disk(
    `remove ${path}`,
    `rm -f ${name} ${quote(`${path}.podnet-new`)} || { [ ! -e ${name} ] && [ ! -L ${name} ]; }`,
  );
}

/** In a pending change: the copy of a file that is made before the file is replaced, for the undo to put back. */
export function restorePath(path: string): string {
  return `restore/${sha256(path).slice(0, 16)}`;
}

/** Where a node keeps the content of files that podnet replaced. */
export function storePath(owner: string, sum: string): string {
  return `/var/lib/podnet/${owner}/store/${sum}`;
}
