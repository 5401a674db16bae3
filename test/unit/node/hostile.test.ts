import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Manifest, manifestTexts, parseManifest } from "../../../components/node/manifest";
import { parseFacts } from "../../../components/node/parse-facts";
import { nodeState } from "../../../components/node/state";

const honest = readFileSync(join(__dirname, "facts/routed-node.txt"), "utf8");
const section = (name: string, content: string) =>
  honest.replace(new RegExp(`(^@@podnet ${name}\n)[^@]*`, "m"), (_, mark) => `${mark}${content}\n`);

describe("facts of a node that lies", () => {
  test.each([
    ["a device whose name is a command", "links", '[{"ifname":"a;reboot #x y","mtu":1500,"flags":[]}]'],
    ["a device without a list of flags", "links", '[{"ifname":"eth0","mtu":1500}]'],
    ["an MTU that is a text", "links", '[{"ifname":"eth0","mtu":"1500\\nroute add","flags":[]}]'],
    [
      "an address that is a second line",
      "links",
      '[{"ifname":"eth0","mtu":1500,"flags":[],"addr_info":[{"local":"1.1.1.1\\naddress flush","prefixlen":24,"scope":"global"}]}]',
    ],
    [
      "a next hop that is a second line",
      "ipv4",
      '[{"dst":"default","gateway":"1.1.1.1\\nroute flush all","dev":"eth0"}]',
    ],
    ["a protocol of two words", "ipv6", '[{"dst":"default","protocol":"98 table 7"}]'],
    ["a mark that is no number", "ipv4", '[{"priority":1,"src":"all","fwmark":"1; reboot"}]'],
    ["an object where a list is asked for", "ipv4", '{"dst":"default"}'],
    ["a number where a list is asked for", "ipv6", "7"],
    ["no JSON", "links", "\u001b[31mevil"],
    ["a hash that is a command", "paths", "/etc/x\tregular file\t644\t0\t0\t$(reboot)"],
    ["a user who is no number", "paths", "/etc/x\tregular file\t644\tme\t0\t"],
    ["a pending change of nobody", "pending", "../../etc\t0123\t10"],
    ["a pending change whose token is a command", "pending", "pods\t$(reboot)\t10"],
  ])("%s is refused in one sentence", (_, name, content) => {
    expect(() => parseFacts(section(name, content))).toThrow(
      /^its answer is not what the facts script prints \P{Cc}*$/u,
    );
  });

  test("a pending change that ends in a thousand years is waited for an hour at most", () => {
    expect(parseFacts(section("pending", "pods\t0123\t31536000000")).pending?.secondsLeft).toBe(3600);
  });

  test("whatever a section holds, it is facts or a sentence, never a fault of ours", () => {
    const names = ["links", "ipv4", "ipv6", "chains", "paths", "pending", "owners", "listings"];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.oneof(fc.json(), fc.string()), (name, content) => {
        try {
          parseFacts(section(name, content.replaceAll("@", "")));
        } catch (error) {
          expect((error as Error).constructor).toBe(Error);
        }
      }),
    );
  });
});

const manifest: Manifest = {
  version: 1,
  owner: "pods",
  node: "node1",
  change: "0123456789abcdef",
  state: nodeState.parse({ files: [{ path: "/etc/x", content: "x" }] }),
  derived: [{ kind: "directory", key: "/etc/cni", value: { type: "directory", mode: "0755" } }],
  origins: [
    { kind: "file", key: "/etc/x", value: { type: "file", sha256: "a".repeat(64), mode: "0644", uid: 0, gid: 0 } },
  ],
};

describe("what a node says that it remembers", () => {
  test("is taken as it was written", () => {
    expect(parseManifest(manifestTexts(manifest), "pods")).toEqual(manifest);
    expect(parseManifest(undefined, "pods")).toBeUndefined();
  });

  const change = (changed: object) => manifestTexts({ ...manifest, ...changed } as Manifest);
  const derived = (item: object) => change({ derived: [{ kind: "directory", key: "/x", value: null, ...item }] });
  const origin = (value: object) => change({ origins: [{ kind: "file", key: "/etc/x", value }] });

  test.each([
    ["another owner's", change({ owner: "other" })],
    ["an owner that is a path", change({ owner: "../../etc" })],
    ["no JSON", { manifest: "\u001b[2J{", origins: "{}" }],
    ["a list", { manifest: "[]", origins: "[]" }],
    ["a file that no state lists, so that a removal would take it", derived({ kind: "file", key: "/etc/passwd" })],
    ["a unit that no state lists", derived({ kind: "unit", key: "ssh.service" })],
    ["a kind that podnet does not have", derived({ kind: "process", key: "1" })],
    ["a path out of its place", derived({ key: "/etc/cni/../../root" })],
    ["a path with a second line", derived({ key: "/etc/x\nrm -rf /" })],
    ["a route that is two lines", derived({ kind: "route", key: "10.0.0.0/8 table 254 metric 0\nroute flush all" })],
    ["a device that is two words", derived({ kind: "link", key: "eth0 down" })],
    ["a rule that is no list", derived({ kind: "iptables", key: '{"a":1}' })],
    ["a rule of a chain that is an option", derived({ kind: "iptables", key: '["ipv4","filter","-F;x","-j"]' })],
    ["a hash that is a path", origin({ type: "file", sha256: "../../../etc/shadow" })],
    ["a mode that is a command", origin({ type: "file", mode: "0644; reboot" })],
    ["an attribute that podnet does not have", origin({ type: "file", command: "reboot" })],
    [
      "a sysctl outside of /proc/sys",
      change({ state: { ...manifest.state, sysctls: { "net/../../../etc/passwd": "x" } } }),
    ],
  ])("%s is refused, and says where to look", (_, texts) => {
    expect(() => parseManifest(texts, "pods")).toThrow(
      /^what the node remembers of pods is not what podnet writes: [\P{Cc}\n]*nothing was changed$/u,
    );
  });

  test("of a newer podnet says so", () => {
    expect(() => parseManifest(change({ version: 2 }), "pods")).toThrow("version 2; this podnet knows version 1");
  });
});

describe("a stack file that means harm", () => {
  const problems = (state: object) => nodeState.safeParse(state).error?.issues.map(({ message }) => message) ?? [];

  test.each([
    [
      "a ruleset that closes its table",
      { nftables: [{ family: "inet", table: "t", ruleset: "} table inet other { chain c {} " }] },
    ],
    ["a directory right under / to be emptied", { directories: [{ path: "/etc", purge: true }] }],
    ["a path with ..", { files: [{ path: "/etc/cni/../shadow", content: "" }] }],
    ["a path with a second line", { files: [{ path: "/etc/a\nb", content: "" }] }],
    ["a sysctl outside of /proc/sys", { sysctls: { "../../etc/passwd": "x" } }],
    ["a NUL in a file's content", { files: [{ path: "/etc/a", content: "a\0b" }] }],
    ["a NUL in a unit's content", { units: [{ name: "a.service", content: "[Install]\n\0" }] }],
    ["a NUL in a ruleset", { nftables: [{ family: "inet", table: "t", ruleset: "\0" }] }],
    ["a NUL in an artifact's path here", { artifacts: [{ path: "/a", sha256: "0".repeat(64), localPath: "\0" }] }],
    ["a NUL in a sysctl's value", { sysctls: { "net.ipv4.ip_forward": "1\0" } }],
    ["a second line in a sysctl's value", { sysctls: { "net.ipv4.ip_forward": "1\n2" } }],
    ["a mark with a second line", { rules: [{ priority: 1, table: 1, fwmark: "1\nrule flush" }] }],
  ])("%s is refused at preview", (_, state) => {
    expect(problems(state)).toHaveLength(1);
  });

  test("braces in a ruleset's strings and comments do not count", () => {
    const ruleset = 'chain c { meta mark 1 comment "}" } # }';
    expect(problems({ nftables: [{ family: "inet", table: "t", ruleset }] })).toEqual([]);
  });
});
