import type { z } from "zod";
import type { AddressFact, Facts, LinkFact, ManifestTexts, PathFact } from "./facts";
import * as forms from "./facts-schema";
import { formed, lines, type Rows } from "./formed";
import { ovsRows } from "./ovsdb/read";
import { routesAndRules } from "./parse-routes";
import { ownerName } from "./words";

const sectionMark = /^@@podnet (\S+)(?: (.*))?$/;

/** The output of the facts script, as facts. */
export function parseFacts(text: string): Facts {
  const sections = new Map<string, string>();
  let current = "";
  for (const line of text.split("\n")) {
    const mark = sectionMark.exec(line);
    if (mark) {
      current = mark[2] === undefined ? (mark[1] ?? "") : `${mark[1]} ${mark[2]}`;
      sections.set(current, "");
    } else {
      sections.set(current, `${sections.get(current) ?? ""}${line}\n`);
    }
  }
  if (!sections.has("end")) throw new Error("the facts script did not run to its end");
  return assemble(sections);
}

function assemble(sections: Map<string, string>): Facts {
  const words = (name: string) => (sections.get(name) ?? "").split(/\s+/).filter(Boolean);
  const rows = (name: string) => lines(sections.get(name)).map((line) => line.split("\t"));
  const json = <Schema extends z.ZodType<unknown[]>>(name: string, schema: Schema): z.output<Schema> =>
    formed(name, schema, () => JSON.parse(sections.get(name)?.trim() || "[]"));
  const named = (prefix: string) => [...sections].filter(([name]) => name.startsWith(`${prefix} `));
  const [waiting] = rows("pending");
  const pending = waiting && formed("pending", forms.pending, () => waiting);
  const chains = json("chains", forms.chains)
    .flatMap((listing) => listing.nftables)
    .flatMap((entry) => entry.chain ?? []);
  const found = json("links", forms.links);
  const sums = new Map(lines(sections.get("sums")).map(sumOf));
  return {
    bootId: words("boot")[0] ?? "",
    generation: words("generation")[0] ?? "",
    tools: new Set(words("tools")),
    links: new Map(found.map((link) => [link.ifname, linkFact(link)])),
    addresses: found.flatMap(addressFacts),
    ...routesAndRules(sections),
    floods: new Map(named("flood").map(([name, body]) => [name.slice(6), floodPeers(body)])),
    modules: new Set(rows("modules").map(([name]) => name ?? "")),
    sysctls: new Map(lines(sections.get("sysctls")).map(sysctlOf)),
    paths: new Map(rows("paths").map((row) => [row[0] ?? "", pathFact([...row, sums.get(row[0] ?? "") ?? ""])])),
    units: unitFacts(sections.get("units")),
    nftables: new Map(named("nft").map(([name, body]) => [name.slice(4), body])),
    listings: new Map(rows("listings").map(([key, sum]) => [key ?? "", sum ?? ""])),
    tables: new Set(chains.map((chain) => `${chain.family} ${chain.table}`)),
    dropsForward: chains
      .filter((chain) => chain.hook === "forward" && chain.policy === "drop")
      .map((chain) => `${chain.family} ${chain.table} ${chain.name}`),
    iptables: new Set(lines(sections.get("iptables"))),
    openvswitch: ovsRows(sections.get("openvswitch")),
    managed: new Map(rows("managed").map(([device, manager]) => [device ?? "", manager ?? ""])),
    others: new Map(
      named("other").flatMap(([name, body]) => {
        const texts = manifestOf(body.trim(), sections.get(`others-origins ${name.slice(6)}`)?.trim());
        return texts && ownerName.safeParse(name.slice(6)).success ? [[name.slice(6), texts] as const] : [];
      }),
    ),
    manifest: manifestOf(sections.get("manifest.json")?.trim(), sections.get("origins.json")?.trim()),
    pending: pending && {
      owner: pending[0],
      token: pending[1],
      secondsLeft: pending[2],
      verdict: pending[3] || undefined,
    },
    owners: words("owners").filter((owner) => ownerName.safeParse(owner).success),
  };
}

/** A line of `grep -H`. No device has a colon in its name, and no other part of a sysctl's. */
function sysctlOf(line: string): [name: string, value: string] {
  const end = line.indexOf(":");
  return [line.slice(0, end), line.slice(end + 1)];
}

/** A line of sha256sum; a backslash in a name is doubled, and the line begins with one. */
function sumOf(line: string): [path: string, sum: string] {
  const plain = line.startsWith("\\") ? line.slice(1).replaceAll("\\\\", "\\") : line;
  return [plain.slice(66), plain.slice(0, 64)];
}

/** `systemctl show`: a block of NAME=VALUE lines for each unit, which may have several names. */
function unitFacts(text: string | undefined): Facts["units"] {
  const blocks = (text ?? "").split(/\n{2,}/).map((block) => new Map(lines(block).map(pairOf)));
  return new Map(
    blocks.flatMap((block) => {
      const fact = {
        known: block.get("LoadState") !== "not-found",
        enabled: block.get("UnitFileState") === "enabled",
        active: ["active", "activating"].includes(block.get("ActiveState") ?? ""),
      };
      return (block.get("Names") ?? "").split(" ").map((name) => [name, fact] as const);
    }),
  );
}

function pairOf(line: string): [name: string, value: string] {
  const sign = line.indexOf("=");
  return [line.slice(0, sign), line.slice(sign + 1)];
}

function linkFact({ ifname, address, mtu, flags, master, link, linkinfo }: Rows<typeof forms.links>): LinkFact {
  return {
    name: ifname,
    type: linkinfo.info_kind,
    mac: address,
    mtu,
    up: flags.includes("UP"),
    master: master ?? null,
    ...(link && linkinfo.info_kind === "veth" ? { peer: link } : {}),
    details: linkinfo.info_data,
  };
}

function addressFacts({ ifname, addr_info }: Rows<typeof forms.links>): AddressFact[] {
  return addr_info.flatMap(({ local, prefixlen, scope, broadcast, address, dynamic, mngtmpaddr }) =>
    local === undefined
      ? []
      : [
          {
            device: ifname,
            address: `${local}/${prefixlen}`,
            scope,
            broadcast: broadcast ?? null,
            peer: address ?? null,
            dynamic: Boolean(dynamic) || Boolean(mngtmpaddr),
          },
        ],
  );
}

function floodPeers(body: string): string[] {
  const entries = formed("flood", forms.forwarding, () => JSON.parse(body.trim() || "[]"));
  return entries.filter((entry) => entry.mac === "00:00:00:00:00:00").flatMap((entry) => entry.dst ?? []);
}

function pathFact(row: string[]): PathFact {
  const [, type, mode, uid, gid, sha256] = formed("paths", forms.path, () => row);
  return {
    type: type === "regular file" || type === "regular empty file" ? "file" : type === "directory" ? type : "other",
    mode: `000${mode}`.slice(-4),
    uid,
    gid,
    sha256: sha256 || null,
  };
}

function manifestOf(manifest: string | undefined, origins: string | undefined): ManifestTexts | undefined {
  return manifest ? { manifest, origins: origins || JSON.stringify({ derived: [], origins: [] }) } : undefined;
}
