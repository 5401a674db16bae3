import { z } from "zod";
import * as words from "./words";

// What iproute2 and nft print, as far as podnet reads it. A node may print whatever it likes: what is not of this form
// is refused before anything is decided by it, and what is, can stand in a script.

const number = z.number();
const table = z.union([words.word, z.int().min(0)]);

/** `ip -json -details address show` */
export const links = z.array(
  z.looseObject({
    ifname: words.foundDevice,
    address: words.word.default(""),
    mtu: z.int().min(0),
    flags: z.array(z.string()),
    master: words.foundDevice.optional(),
    link: words.foundDevice.optional(),
    linkinfo: z
      .looseObject({
        info_kind: words.word.default(""),
        info_data: z.looseObject({ local: words.ipAddress.optional(), local6: words.ipAddress.optional() }).default({}),
      })
      .default({ info_kind: "", info_data: {} }),
    addr_info: z
      .array(
        z.looseObject({
          local: words.ipAddress.optional(),
          prefixlen: z.int().min(0).max(128),
          scope: words.word,
          broadcast: words.ipAddress.optional(),
          address: words.ipAddress.optional(),
          dynamic: z.boolean().optional(),
          mngtmpaddr: z.boolean().optional(),
        }),
      )
      .default([]),
  }),
);

/** A line of what `ip -json -batch` prints. */
export const rows = z.array(z.looseObject({}));

/** `ip -json route show` */
export const routes = z.array(
  z.looseObject({
    dst: z.union([z.literal("default"), words.cidr, words.ipAddress]),
    gateway: words.ipAddress.optional(),
    via: z.looseObject({ host: words.ipAddress }).optional(),
    dev: words.foundDevice.optional(),
    table: table.optional(),
    metric: z.int().min(0).default(0),
    protocol: words.word.default("boot"),
    scope: words.word.optional(),
    prefsrc: words.ipAddress.optional(),
    flags: z.array(z.string()).default([]),
    nexthops: z.array(z.looseObject({ dev: words.foundDevice.optional() })).optional(),
  }),
);

const selector = z.union([z.literal("all"), words.ipAddress]);

/** `ip -json rule show` */
export const rules = z.array(
  z.looseObject({
    priority: z.int().min(0),
    src: selector.optional(),
    srclen: number.optional(),
    dst: selector.optional(),
    dstlen: number.optional(),
    fwmark: words.fwmark.optional(),
    fwmask: words.fwmark.optional(),
    table: table.optional(),
  }),
);

/** `bridge -json fdb show` */
export const forwarding = z.array(z.looseObject({ mac: words.word.optional(), dst: words.ipAddress.optional() }));

/** `nft -json list chains` */
export const chains = z.array(
  z.looseObject({
    nftables: z.array(
      z.looseObject({
        chain: z
          .looseObject({
            family: z.string(),
            table: z.string(),
            name: z.string(),
            hook: z.string().optional(),
            policy: z.string().optional(),
          })
          .optional(),
      }),
    ),
  }),
);

/** What `stat` and `sha256sum` print of a path. */
export const path = z.tuple([
  z.string(),
  z.string(),
  z.string().regex(/^[0-7]{1,4}$/),
  z.coerce.number<string>().int().min(0),
  z.coerce.number<string>().int().min(0),
  z.union([words.sha256, z.literal("")]),
]);

export const pending = z.tuple([
  words.ownerName,
  z.string().regex(/^[0-9a-f]{1,32}$/),
  // No window is longer than an hour.
  z.coerce
    .number<string>()
    .int()
    .transform((seconds) => Math.min(seconds, 3600)),
  z.enum(["", "commit", "undo"]).optional(),
]);
