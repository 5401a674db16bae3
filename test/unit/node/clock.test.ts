import { expect, test } from "vitest";
import { changeFiles } from "../../../components/node/change-files";
import { changeScript } from "../../../components/node/change-script";
import { abandonScript, commitScript, undoScript } from "../../../components/node/confirm-script";
import { factsScript } from "../../../components/node/facts-script";
import { fetchScript, storeScript } from "../../../components/node/fetch-script";
import { manifestTexts, stateItems } from "../../../components/node/manifest";
import { plan } from "../../../components/node/plan";
import { questionsFor } from "../../../components/node/questions";
import { nodeState } from "../../../components/node/state";
import { attachScript } from "../../../components/verification/phases/attach";
import { detachScript } from "../../../components/verification/phases/detach";
import { lookScript } from "../../../components/verification/phases/look";
import { probeScript } from "../../../components/verification/phases/probe";
import { verificationSettings } from "../../../components/verification/settings";
import { emptyFacts } from "./world";

const token = "0a1b2c3d";
const state = nodeState.parse({
  modules: ["br_netfilter"],
  sysctls: { "net.ipv4.ip_forward": "1" },
  directories: [{ path: "/opt/made", purge: true }],
  files: [{ path: "/opt/made/x", content: "x" }],
  links: [
    { type: "bridge", name: "br0" },
    { type: "vxlan", name: "vx0", vni: 1, local: "192.0.2.1", peers: [{ address: "192.0.2.2" }] },
  ],
  addresses: [{ device: "br0", address: "10.244.0.1/24" }],
  routes: [{ to: "10.244.1.0/24", via: "10.244.0.2" }],
  rules: [{ priority: 1000, from: "10.9.0.0/16", table: 77 }],
  nftables: [{ family: "inet", table: "t", ruleset: "chain c {}" }],
  iptables: [{ chain: "FORWARD", rule: ["-j", "ACCEPT"] }],
  units: [{ name: "x.service", content: "[Install]\n" }],
  artifacts: [{ path: "/opt/a", sha256: "0".repeat(64), url: "http://192.0.2.9/a" }],
});
const made = plan({ items: stateItems(state), manifest: undefined, facts: emptyFacts(), adopt: true });
const next = { version: 1 as const, owner: "o", node: "n", change: token, state, derived: [], origins: made.origins };
const files = changeFiles(made, next, { owner: "o", token, contents: new Map() });
const change = (confirmed: boolean, generation: string | undefined) =>
  changeScript({
    ...{ owner: "o", token, plan: made, wanted: state, files, next: manifestTexts(next), previousManifest: undefined },
    ...{ generation, confirmed, windowSeconds: 60, probes: ["true"] },
  });
const probed = verificationSettings.parse({
  network: "pods",
  nodes: [{ name: "node1", connection: { host: "192.0.2.1" } }],
  cni: { configFile: "/etc/cni/net.d/10-pods.conflist" },
  mtu: 1500,
});

/** What tells the time of day, or acts by it: by a program, a shell, find, stat, or systemd. */
const wallClock =
  /\bdate\b|\btouch\b|EPOCH|-[acm](min|time)\b|-(newer|nt|ot)\b|%[XYZW]\b|OnCalendar|on-calendar|\bat now\b/;

test.each([
  ["facts", factsScript("o", questionsFor(stateItems(state)))],
  ["a change that waits", change(true, "none")],
  ["a change that does not", change(false, "none")],
  ["a change of a node that is not read", change(false, undefined)],
  ["confirmation", commitScript(token)],
  ["undo", undoScript(token)],
  ["abandonment", abandonScript(token)],
  ["the store", storeScript("o", "0".repeat(64))],
  ["a download", fetchScript("o", "0".repeat(64), "http://192.0.2.9/a", 120)],
  ["a look at the CNI", lookScript(probed)],
  ["a probe pod", attachScript(probed, [{ type: "bridge", config: { type: "bridge" } }], token, 120)],
  ["its probes", probeScript([{ from: "node", family: "ipv4", address: "10.244.1.2" }], token, 50)],
  ["its end", detachScript(token)],
])("a clock that somebody sets changes nothing: %s does not ask for it", (_, script) => {
  expect(script.length).toBeGreaterThan(50);
  expect(script.match(wallClock)?.[0]).toBeUndefined();
});

test("the undo is armed by a timer that counts from when it is started", () => {
  expect(change(true, "none")).toContain("systemd-run --quiet --collect --on-active=60 ");
});
