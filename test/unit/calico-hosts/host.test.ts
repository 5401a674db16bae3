import { join } from "node:path";
import { expect, test } from "vitest";
import { hosts } from "../../../components/calico-hosts/host";
import { nodeState } from "../../../components/node/state";
import { casesIn, golden } from "../golden";
import { rack, read, type Written } from "./read";

test.each(casesIn<Written>(join(__dirname, "cases")))("$name: settings in, the nodes' states out", (one) => {
  const states = hosts(read(one.settings));
  for (const state of Object.values(states)) expect(nodeState.safeParse(state).error).toBeUndefined();
  const { got, expected } = golden(
    one,
    Object.entries(states).map(([node, state]) => ({ node, ...state })),
  );
  expect(got).toBe(expected);
});

const plain: Written = {
  nodes: rack,
  orchestrator: { type: "hosts", interfaces: { node1: "eth0" } },
  datastore: { type: "etcd", endpoints: ["http://198.18.0.5:2379"] },
};
const unit = (written: Written, node: string, name: string) =>
  hosts(read(written))[node]?.units?.find((one) => one.name === name)?.content;

test("a change of the configuration starts the daemon again, and nothing else does", () => {
  const changed = unit({ ...plain, felix: { logSeverity: "Debug" } }, "node1", "calico-felix.service");
  expect(changed).not.toBe(unit(plain, "node1", "calico-felix.service"));
  const other = { ...plain, otherRanges: { vpn: "10.8.0.0/16" } };
  expect(unit(other, "node1", "calico-felix.service")).toBe(unit(plain, "node1", "calico-felix.service"));
});

test("one node writes policy, and takes it out of etcd only when podnet removes it", () => {
  const name = "podnet-edge-policy.service";
  expect(unit(plain, "node2", name)).toBeUndefined();
  expect(unit({ ...plain, configureOn: "node2" }, "node2", name)).toContain(
    'is-enabled podnet-edge-policy.service 2>/dev/null)" != disabled ]',
  );
});

test("BIRD knows route reflectors and no other, so that a node's state does not grow with the cluster", () => {
  const cluster = (count: number): Written => ({
    nodes: {
      segments: { a: { subnets: ["198.18.0.0/16"] } },
      nodes: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `node${index}`,
          { connection: { host: `198.18.${Math.floor(index / 200)}.${(index % 200) + 1}` } },
        ]),
      ),
    },
    orchestrator: { type: "openstack", controllers: ["node0"], bgp: { routeReflectors: ["node0", "node1"] } },
    datastore: { type: "etcd", endpoints: ["http://198.19.0.5:2379"] },
  });
  expect(hosts(read(cluster(400))).node2).toEqual(hosts(read(cluster(3))).node2);
});
