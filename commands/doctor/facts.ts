import { z } from "zod";
import { ownerName } from "../../components/node/words";

const links = z.array(
  z.looseObject({
    ifname: z.string(),
    mtu: z.int(),
    operstate: z.string().default("UNKNOWN"),
    master: z.string().optional(),
    addr_info: z.array(z.looseObject({ local: z.string().optional() })).default([]),
  }),
);

/** What one node showed. */
export interface DoctorFacts {
  uid: number;
  /** Seconds since 1970, by the node's clock. */
  clock: number;
  kernel: string;
  tools: Set<string>;
  /** Kernel features that are there, or that could not be told apart from missing ones. */
  features: Set<string>;
  unclearFeatures: Set<string>;
  sysctls: Map<string, string>;
  /** Devices with strict reverse path filtering. */
  strictDevices: string[];
  services: Set<string>;
  networkd: string[];
  networkManager: string[];
  /** Policy of the FORWARD chains, by command: "ACCEPT" or "DROP". */
  forwardPolicy: Map<string, string>;
  /** Policy of the INPUT chains, by command. */
  inputPolicy: Map<string, string>;
  /** Chains of nftables that end what they do not accept, by their policy or by a rule. */
  filters: { hook: string; by: string; chain: string }[];
  /** A rule accepts VXLAN on its usual port. */
  acceptsVxlan: boolean;
  /** accept_ra of each device whose IPv6 default route was learnt from router advertisements. */
  advertised: Map<string, string>;
  /** undefined when ip cannot print JSON. */
  links: { name: string; mtu: number; state: string; master?: string; addresses: string[] }[] | undefined;
  /** Free space in KiB by mount point. */
  free: Map<string, number>;
  /** What the bridge plugin says of itself; undefined when it is not there. */
  plugin: { version: string; protocols: string[] } | undefined;
  /** CNI configurations, in the order in which container runtimes look at them. */
  cniConfigurations: string[];
  /** Owners with committed state. */
  owners: string[];
  pending: { owner: string; secondsLeft: number; rebooted: boolean; confirmed: boolean } | undefined;
}

/** The facts script's output as facts; undefined when it did not come to its end. */
export function parseFacts(text: string): DoctorFacts | undefined {
  const sections = new Map(
    text
      .split(/^@@ /m)
      .slice(1)
      .map((section): [string, string[]] => {
        const [name = "", ...lines] = section.split("\n");
        return [name.trim(), lines.map((line) => line.trim()).filter((line) => line !== "")];
      }),
  );
  if (!sections.has("end")) return undefined;
  const lines = (name: string) => sections.get(name) ?? [];
  const features = lines("features");
  return {
    uid: Number(lines("user")[0]),
    clock: Number(lines("clock")[0]),
    kernel: lines("kernel")[0] ?? "",
    tools: new Set(lines("tools")),
    features: new Set(features.filter((feature) => !feature.startsWith("?"))),
    unclearFeatures: new Set(features.filter((feature) => feature.startsWith("?")).map((feature) => feature.slice(1))),
    sysctls: new Map(lines("sysctls").map((line) => pair(line, "="))),
    strictDevices: lines("strict"),
    services: new Set(lines("services")),
    networkd: lines("networkd"),
    networkManager: lines("networkmanager"),
    forwardPolicy: policies(lines("forward"), "FORWARD"),
    inputPolicy: policies(lines("forward"), "INPUT"),
    filters: lines("filters").flatMap((line) => {
      const [, hook = "", by = "", chain = ""] = /^(input|forward) (policy|rule) (.+)$/.exec(line) ?? [];
      return hook ? [{ hook, by, chain }] : [];
    }),
    acceptsVxlan: [...lines("forward"), ...lines("filters")].includes("accepts vxlan"),
    advertised: new Map(lines("advertised").map((line) => pair(line, "="))),
    links: parseLinks(lines("links").join("\n")),
    free: new Map(
      lines("disk")
        .slice(1)
        .map((line): [string, number] => [line.split(/\s+/)[5] ?? "", Number(line.split(/\s+/)[3])]),
    ),
    plugin: parsePlugin(lines("plugin")),
    cniConfigurations: lines("cni"),
    owners: lines("owners").filter((owner) => ownerName.safeParse(owner).success),
    pending: parsePending(new Map(lines("pending").map((line) => pair(line, " ")))),
  };
}

function pair(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + separator.length)];
}

/** Lines "iptables -P FORWARD DROP" of one chain. */
function policies(lines: string[], chain: string): Map<string, string> {
  return new Map(
    lines
      .map((line) => line.split(" "))
      .filter((words) => words[2] === chain)
      .map(([command = "", , , policy = ""]): [string, string] => [command, policy]),
  );
}

function parseLinks(text: string): DoctorFacts["links"] {
  try {
    return links.parse(JSON.parse(text)).map((link) => ({
      name: link.ifname,
      mtu: link.mtu,
      state: link.operstate,
      master: link.master,
      addresses: link.addr_info.flatMap((entry) => entry.local ?? []),
    }));
  } catch {
    return undefined;
  }
}

/** Built with a release's flags it says "CNI bridge plugin v1.9.1", otherwise "version unknown". */
function parsePlugin([first = "", second = ""]: string[]): DoctorFacts["plugin"] {
  const version = /^CNI bridge plugin (?:version )?(\S+)/.exec(first)?.[1];
  if (version === undefined) return undefined;
  return { version, protocols: second.match(/\d+\.\d+\.\d+/g) ?? [] };
}

function parsePending(fields: Map<string, string>): DoctorFacts["pending"] {
  const owner = fields.get("owner");
  if (owner === undefined) return undefined;
  const secondsLeft = Number(fields.get("deadline")) - Number(fields.get("uptime"));
  return { owner, secondsLeft, rebooted: fields.has("rebooted"), confirmed: fields.has("confirmed") };
}
