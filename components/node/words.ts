import { z } from "zod";

// What may stand in a script for a node, whether a program's author wrote it or a node answered it. Values are quoted
// as well; here is said what makes sense at all.

/** One that podnet names in lines for `ip`, which takes quotes, backslashes and # for its own. */
export const deviceName = z
  .string()
  .regex(/^[A-Za-z0-9_][\w.@+-]{0,14}$/, "a device name has 1 to 15 letters, digits and characters of _.@+-");
/** One that others made may be called anything that the kernel takes. */
export const foundDevice = z
  .string()
  .regex(/^[^\s/\p{Cc}]{1,15}$/u, "a device name has 1 to 15 characters, without spaces or slashes");
export const ipAddress = z.union([z.ipv4(), z.ipv6()]);
export const cidr = z.union([z.cidrv4(), z.cidrv6()]);
export const absolutePath = z
  .string()
  .regex(/^\/(?!\.{0,2}(\/|$))[^\p{Cc}]*$/u, "an absolute path, without control characters")
  .refine((path) => !/\/(\.{0,2})(\/|$)/.test(path), 'an absolute path without "//", "." and ".."')
  // Linux takes names of 255 bytes in paths of 4,095; a file is written beside its place, under a longer name.
  .refine(
    (path) => path.split("/").every((name) => Buffer.byteLength(name) <= 240) && Buffer.byteLength(path) <= 4000,
    "an absolute path of at most 4,000 bytes, with names of at most 240",
  );
/** One that stands in a systemd unit, which splits at blanks and takes quotes, backslashes, "%" and "$" for its own. */
export const unitPath = absolutePath.refine(
  (path) => /^[\w/.@+-]*$/.test(path),
  "an absolute path of letters, digits and characters of /_.@+-, since it stands in a systemd unit",
);
/** One that a node fetches: it is a line of curl's or wget's input. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: "a URL such as https://files.example/plugin" })
  .regex(/^[^\s\p{Cc}]*$/u, "a URL without spaces and control characters: write a space as %20");
export const octalMode = z.string().regex(/^0[0-7]{3}$/, 'a file mode such as "0644"');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in 64 hexadecimal digits");
export const moduleName = z
  .string()
  .regex(/^[\w-]+$/, "a kernel module's name: letters, digits, dashes and underscores");
/** Dots and slashes both separate, as sysctl(8) takes them. */
export const sysctlName = z
  .string()
  .regex(/^\w[\w.\-/:@]*$/, 'a sysctl\'s name under /proc/sys, such as "net.ipv4.ip_forward"')
  .refine((name) => !/\.\.|\/\/|\/\.|\.\//.test(name), "a sysctl's name under /proc/sys");
export const unitName = z
  .string()
  .regex(
    /^[\w@.:-]+\.(service|timer|socket|path|mount|target)$/,
    'a unit\'s name with its kind, such as "podnet.service"',
  );
export const fwmark = z
  .string()
  .regex(/^(0x[0-9a-f]{1,8}|\d{1,10})(\/0x[0-9a-f]{1,8})?$/i, 'a mark such as "0x1/0xff"');
export const nftFamily = z.enum(["ip", "ip6", "inet", "bridge", "netdev", "arp"]);
export const nftTable = z
  .string()
  .regex(/^[\w-]{1,31}$/, "a table's name has 1 to 31 letters, digits, dashes and underscores");
export const ownerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, "an owner is 1 to 31 lower-case letters, digits and dashes")
  .refine((owner) => owner !== "pending", '"pending" is the place of a change that waits: take another name');

/** What no script, no file of /proc and no tool's input can hold. */
export const text = z.string().regex(/^[^\0]*$/, "text without NUL characters: bytes go into a file as an artifact");
export const sysctlValue = z.string().regex(/^([^\p{Cc}]|\t)*$/u, "one line without control characters");

/** A word of iproute2's or the kernel's: a protocol, a scope, a kind of device, a hardware address. */
export const word = z.string().regex(/^[\w.:@/+-]{0,64}$/, "one word");
