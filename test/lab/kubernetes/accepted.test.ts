import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { objects as linen } from "../../../components/linen/objects";
import { objects as policies } from "../../../components/policy/objects";
import { clusterArtifacts } from "../../../lab/kubernetes/artifacts";
import type { Written as Calico } from "../../unit/calico/read";
import { render as calico } from "../../unit/calico/render";
import type { Written as Canal } from "../../unit/canal/read";
import { render as canal } from "../../unit/canal/render";
import type { Written as Contiv } from "../../unit/contiv/read";
import { render as contiv } from "../../unit/contiv/render";
import type { Written as Flannel } from "../../unit/flannel/read";
import { render as flannel } from "../../unit/flannel/render";
import { casesIn } from "../../unit/golden";
import { rack, read as readLinen, star } from "../../unit/linen/read";
import type { Written as Nuage } from "../../unit/nuage/read";
import { render as nuage } from "../../unit/nuage/render";
import type { Written as Ovn } from "../../unit/ovn-kubernetes/read";
import { render as ovn } from "../../unit/ovn-kubernetes/render";
import { type Written as Policy, read as readPolicy } from "../../unit/policy/read";
import type { Written as Romana } from "../../unit/romana/read";
import { render as romana } from "../../unit/romana/render";
import type { Written as Weave } from "../../unit/weave/read";
import { render as weave } from "../../unit/weave/render";
import { type Bed, bed } from "../bed";
import { kubectl } from "./web";

let place: Bed;
beforeAll(async () => {
  place = await bed("accepted", [{ name: "node1", kind: "kubernetes" }]);
  const { calicoOperatorCrds, policyCrds } = await clusterArtifacts();
  for (const file of [calicoOperatorCrds, policyCrds])
    await kubectl(place.lab, "apply --server-side -f -", readFileSync(file, "utf8"));
  // A dry run makes no kind either.
  const definitions = cases.flatMap(([, objects]) => objects).filter((one) => one.metadata.name === nuageConfigs);
  await kubectl(place.lab, "apply --server-side -f -", JSON.stringify(definitions[0]));
  await definitionsKnown();
  // A dry run makes no namespace for what is in it.
  for (const name of [
    "kube-flannel",
    "tigera-operator",
    "calico-system",
    "ovn-kubernetes",
    "web",
    "shop",
    "nuage-network-operator",
  ])
    await kubectl(place.lab, `create namespace ${name}`);
});
afterAll(() => place?.end());

/** kubectl gives up on a definition that has no status yet. */
async function definitionsKnown(): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      await kubectl(place.lab, "wait crd --all --for=condition=Established --timeout=480s");
      return;
    } catch (error) {
      if (attempt === 120) throw error;
      await sleep(500);
    }
}

/** What Nuage's operator is told by. */
const nuageConfigs = "nuagecniconfigs.operator.nuage.io";

/** Kinds that Calico defines itself. */
const isCalicos = ({ apiVersion }: KubernetesObject) => /projectcalico|tigera/.test(apiVersion);

/**
 * The objects of a case as its release has them; those of Calico's own kinds as the release has them that there are
 * definitions of here, which knows neither tiers nor how pools are assigned.
 */
function ofRelease(render: (written: never) => KubernetesObject[], written: Calico | Canal): KubernetesObject[] {
  const { tiers, globalPolicies = {}, pools = {}, ...rest } = written as Calico;
  const untiered = Object.entries(globalPolicies).map(([name, { tier, ...policy }]) => [name, policy]);
  const unassigned = Object.entries(pools).map(([name, { assignment, ...pool }]) => [name, pool]);
  const older = {
    ...rest,
    version: "v3.28.5",
    globalPolicies: Object.fromEntries(untiered),
    ...(unassigned.length > 0 && { pools: Object.fromEntries(unassigned) }),
    ...(rest.dataplane === "nftables" && { dataplane: "iptables" }),
    ...(rest.install === "operator" && { operatorVersion: "v1.34.13" }),
  };
  return [
    ...render(written as never).filter((object) => !isCalicos(object)),
    ...render(older as never).filter(isCalicos),
  ];
}

/** With addresses of the range that services have here; a patch of a Service is only taken where the Service is. */
function inRange(written: Romana): KubernetesObject[] {
  return romana({ ...written, serviceCidr: "10.96.0.0/16" }).filter(({ kind }) => kind !== "ServicePatch");
}

const withFlaxd = { tunnelsBy: "linen", flaxd: { image: "registry.example.com/flaxd:1" } } as const;

const folder = (network: string) => join(__dirname, "../../unit", network, "cases");
const cases: [string, KubernetesObject[]][] = [
  ...casesIn<Flannel>(folder("flannel")).map(({ name, settings }): (typeof cases)[number] => [
    `flannel's ${name}`,
    flannel(settings),
  ]),
  ...casesIn<Calico>(folder("calico")).map(({ name, settings }): (typeof cases)[number] => [
    `Calico's ${name}`,
    ofRelease(calico, settings),
  ]),
  ...casesIn<Canal>(folder("canal")).map(({ name, settings }): (typeof cases)[number] => [
    `Canal's ${name}`,
    ofRelease(canal, settings),
  ]),
  ...casesIn<Contiv>(folder("contiv")).map(({ name, settings }): (typeof cases)[number] => [
    `Contiv's ${name}`,
    contiv(settings),
  ]),
  ["Linen's flaxd", linen(readLinen({ nodes: rack, podCidr: "10.244.0.0/16", topology: star, ...withFlaxd }))],
  ...casesIn<Nuage>(folder("nuage")).map(({ name, settings }): (typeof cases)[number] => [
    `Nuage's ${name}`,
    nuage(settings),
  ]),
  ...casesIn<Ovn>(folder("ovn-kubernetes")).map(({ name, settings }): (typeof cases)[number] => [
    `OVN-Kubernetes' ${name}`,
    ovn(settings),
  ]),
  ...casesIn<Policy>(folder("policy")).map(({ name, settings }): (typeof cases)[number] => [
    `the policy baseline ${name}`,
    policies(readPolicy({ ...settings, ...(settings.form === "GlobalNetworkPolicy" && { calicoVersion: "v3.28.5" }) })),
  ]),
  ...casesIn<Weave>(folder("weave")).map(({ name, settings }): (typeof cases)[number] => [
    `Weave's ${name}`,
    weave(settings),
  ]),
  ...casesIn<Romana>(folder("romana")).map(({ name, settings }): (typeof cases)[number] => [
    `Romana's ${name}`,
    inRange(settings),
  ]),
];

/** What the API server says to the objects, none of which it makes: one line for each that it takes, or why not. */
async function dryRun(objects: readonly KubernetesObject[]): Promise<string[]> {
  // As JSON: kubectl reads the YAML of before 1.2, to which a "no" is false.
  const text = objects.map((object) => JSON.stringify(wire(object))).join("\n---\n");
  const said = await kubectl(place.lab, "apply --server-side --dry-run=server --validate=strict -f -", text);
  return said.split("\n");
}

/** A patch of a Node is not a kind: it goes to the API server as what it says of the Node. */
const wire = (object: KubernetesObject) => (object.kind === "NodePatch" ? { ...object, kind: "Node" } : object);

describe("the API server", () => {
  test.each(cases)("takes every object of %s", async (_name, objects) => {
    expect(await dryRun(objects)).toEqual(objects.map(() => expect.stringContaining("serverside-applied")));
  });

  test("refuses a field that it does not know, of its own kinds and of Calico's", async () => {
    const metadata = { name: "wrong", namespace: "default" };
    const spec = { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec: {} } };
    const own = { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: { ...spec, upgradeStrategy: {} } };
    await expect(dryRun([own])).rejects.toThrow("upgradeStrategy");
    const pool = { cidr: "10.244.0.0/16", vxlan: "Always" };
    const theirs = { apiVersion: "crd.projectcalico.org/v1", kind: "IPPool", metadata: { name: "wrong" }, spec: pool };
    await expect(dryRun([theirs])).rejects.toThrow("vxlan");
  });
});
