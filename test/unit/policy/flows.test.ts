import { describe, expect, test } from "vitest";
import { cutBy } from "../../../components/policy/flows";
import type { Workload } from "../../../components/policy/reach/world";
import { read, type Written } from "./read";

const pod = (namespace: string, app: string, address: string, more: Partial<Workload> = {}): Workload => ({
  namespace,
  name: `${app}-x`,
  owner: app,
  labels: { app },
  serviceAccount: "default",
  addresses: [address],
  hostNetwork: false,
  ports: [],
  ...more,
});
const shop = pod("shop", "till", "10.244.0.2");
const web = pod("web", "front", "10.244.0.3", { ports: [{ name: "metrics", protocol: "TCP", port: 9100 }] });
const prometheus = pod("monitoring", "prometheus", "10.244.0.4");
const dns = pod("kube-system", "dns", "10.244.0.5", { labels: { "k8s-app": "kube-dns" } });
const grafana = pod("monitoring", "grafana", "10.244.0.6");
const db = pod("shop", "db", "10.244.0.7");
const host = pod("web", "host", "192.0.2.9", { hostNetwork: true });
const pods = [shop, web, prometheus, dns, grafana, db, host];

const end = (one: Workload | string) => (typeof one === "string" ? one : (one.addresses[0] as string));
const cut = (written: Written, from: Workload | string, to: Workload | string, port: number, protocol = "tcp") =>
  cutBy(read(written).baseline, pods)({ from: end(from), to: end(to), port, protocol });

const openings: Written["openings"] = {
  apiServer: { addresses: "192.0.2.10", pods: { app: "till" } },
  monitoring: { namespace: "monitoring", pods: { app: "prometheus" }, ports: "tcp/metrics" },
  others: { db: { to: "10.9.0.0/16 except 10.9.1.0/24", ports: "tcp/5000-5010" } },
};

describe("default-deny in both directions", () => {
  test.each<[string, Workload | string, Workload | string, number, string, ReturnType<typeof cut>]>([
    ["pods ask the resolver", web, dns, 53, "udp", undefined],
    ["pods ask NodeLocal DNSCache", web, "169.254.20.10", 53, "udp", undefined],
    ["no other port of the resolver", web, dns, 8080, "tcp", "egress"],
    ["the pod that is named asks the API server", shop, "192.0.2.10", 6443, "tcp", undefined],
    ["another pod does not", web, "192.0.2.10", 6443, "tcp", "egress"],
    ["monitoring reads a port by its name", prometheus, web, 9100, "tcp", undefined],
    ["and no port that has no such name", prometheus, shop, 9100, "tcp", "ingress"],
    ["another end of that namespace does not", grafana, web, 9100, "tcp", "ingress"],
    ["a range and its ports", web, "10.9.0.7", 5010, "tcp", undefined],
    ["a port beyond them", web, "10.9.0.7", 5011, "tcp", "egress"],
    ["what is left out of the range", web, "10.9.1.7", 5000, "tcp", "egress"],
    ["pods of one namespace", shop, db, 80, "tcp", "ingress"],
    ["from outside", "203.0.113.1", web, 80, "tcp", "ingress"],
    ["pods that are in no namespace of it", prometheus, dns, 53, "udp", undefined],
    ["addresses of a family that no pod has", "2001:db8::1", "2001:db8::2", 80, "tcp", undefined],
    ["a pod in its node's network", host, "203.0.113.1", 443, "tcp", undefined],
  ])("%s", (_what, from, to, port, protocol, expected) => {
    expect(cut({ openings }, from, to, port, protocol)).toBe(expected);
  });
});

test("a range of one family opens nothing to pods' addresses of the other", () => {
  const both = (one: Workload, six: string) => ({ ...one, addresses: [...one.addresses, six] });
  const [asking, asked] = [both(web, "fd00::3"), both(db, "fd00::7")];
  const range = { to: "10.244.0.0/16", ports: "tcp/5432" };
  const { baseline } = read({ directions: "egress", openings: { others: { range } } });
  const cuts = cutBy(baseline, [asking, asked]);
  expect(cuts({ from: "10.244.0.3", to: "10.244.0.7", protocol: "tcp", port: 5432 })).toBeUndefined();
  expect(cuts({ from: "fd00::3", to: "fd00::7", protocol: "tcp", port: 5432 })).toBe("egress");
});

test("same-namespace lets a namespace's own pods in, and closes no egress", () => {
  const profile = "same-namespace";
  expect(cut({ profile }, shop, db, 80)).toBeUndefined();
  expect(cut({ profile }, shop, web, 80)).toBe("ingress");
  expect(cut({ profile }, shop, "203.0.113.1", 443)).toBeUndefined();
  expect(cut({ profile, openings: { metadata: "deny" } }, shop, "203.0.113.1", 443)).toBeUndefined();
  expect(cut({ profile, openings: { metadata: "deny" } }, shop, "169.254.169.254", 80)).toBe("egress");
});

/** Its own namespaces are kube-system, kube-public and default. */
const cis: Written = { profile: "cis", namespaces: undefined };

test("cis serves DNS to everybody and closes the rest of kube-system", () => {
  expect(cut(cis, web, dns, 53, "udp")).toBeUndefined();
  expect(cut(cis, web, dns, 8080)).toBe("ingress");
});
