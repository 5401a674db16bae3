import { z } from "zod";
import { printable } from "../node/printable";
import type { Family } from "./settings";

/** One plugin of the chain: its binary and its configuration, which only lacks what the plugin before it answered. */
export interface Plugin {
  type: string;
  config: Record<string, unknown>;
}

const plugin = z.looseObject({
  type: z.string().regex(/^[\w.-]+$/, "the name of a plugin, without a path"),
});
const list = z.looseObject({ cniVersion: z.string(), name: z.string(), plugins: z.array(plugin).min(1) });
const single = z.looseObject({ cniVersion: z.string(), name: z.string(), type: plugin.shape.type });

/** Plugins that do nothing for a pod without ports or limits, and may need tools that the pod network does not. */
const nothingToDo = new Set(["portmap", "bandwidth"]);

/** The plugins that make a probe's network, in order, from a CNI configuration list or a single configuration. */
export function parseConflist(text: string, file: string): Plugin[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
  const form = typeof document === "object" && document !== null && "plugins" in document ? list : single;
  const parsed = form.safeParse(document);
  if (!parsed.success) throw new Error(`${file} is not a CNI configuration:\n${z.prettifyError(parsed.error)}`);
  const { cniVersion, name } = parsed.data;
  const plugins =
    form === list ? (parsed.data as z.output<typeof list>).plugins : [parsed.data as z.output<typeof single>];
  return plugins
    .filter((entry) => !nothingToDo.has(entry.type))
    .map((entry) => ({ type: entry.type, config: { ...entry, cniVersion, name } }));
}

// Other nodes are asked to reach this address: it is an address, or nothing.
const address = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);
const result = z.looseObject({ ips: z.array(z.looseObject({ address })).default([]) });
const failure = z.looseObject({ msg: z.string(), details: z.string().default("") });

/** The addresses that a plugin gave the pod, without prefix lengths. */
export function parseResult(text: string): Partial<Record<Family, string>> {
  const addresses: Partial<Record<Family, string>> = {};
  for (const { address } of answered(text)) {
    const bare = address.replace(/\/\d+$/, "");
    addresses[bare.includes(":") ? "ipv6" : "ipv4"] ??= bare;
  }
  return addresses;
}

function answered(text: string): z.output<typeof result>["ips"] {
  try {
    return result.parse(JSON.parse(text)).ips;
  } catch {
    throw new Error(`the CNI plugins' answer is no CNI result: ${printable(text.trim(), 200) || "nothing"}`);
  }
}

/** What a plugin says when it fails: its JSON error in one line, or the text as it is. */
export function parseFailure(text: string): string {
  try {
    const { msg, details } = failure.parse(JSON.parse(text));
    return details ? `${msg}: ${details}` : msg;
  } catch {
    return text.trim().replaceAll(/\s*\n\s*/g, "; ") || "no message";
  }
}
