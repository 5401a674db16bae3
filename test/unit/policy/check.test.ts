import { describe, expect, test } from "vitest";
import { enforcement } from "../../../components/policy/enforcement";
import { objects } from "../../../components/policy/objects";
import { Peer } from "../../../components/policy/peer";
import { read, refusal, type Written, warnings } from "./read";

test("everything that is wrong is said at once, each with its way out", () => {
  const said = refusal({
    serviceCidr: "10.96.0.0/12",
    openings: {
      apiServer: { addresses: "10.96.0.1" },
      webhooks: { to: { app: "admission" }, ports: [] },
      others: { db: { to: "10.100.0.0/16", ports: "tcp/postgres" }, shop: { from: {}, namespace: "elsewhere" } },
    },
  });
  expect(said).toContain("kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes");
  expect(said).toContain("name the ports that the webhook listens at");
  expect(said).toContain("name the pods behind the service by their labels");
  expect(said).toContain("a range has no ports by name");
  expect(said).toContain("elsewhere is no namespace of the baseline");
});

describe("namespaces", () => {
  test("a NetworkPolicy needs them by name, since a preview asks no cluster", () => {
    for (const namespaces of [{ labels: { team: "a" } }, { allBut: ["kube-system"] }])
      expect(refusal({ namespaces })).toMatch(/asks no cluster which there are[\s\S]*among/);
    expect(refusal({ namespaces: undefined })).toContain("nothing says which namespaces");
  });

  test.each<[NonNullable<Written["namespaces"]>, string[]]>([
    [{ labels: { team: "a" }, among: { web: { team: "a" }, shop: { team: "b" }, ads: {} } }, ["web"]],
    [{ allBut: ["ads"], among: { web: {}, ads: {}, shop: {} } }, ["shop", "web"]],
    [{ names: ["web", "ads", "web"] }, ["ads", "web"]],
  ])("%o", (namespaces, names) => {
    expect(read({ namespaces }).baseline.names).toEqual(names);
  });

  test("none selected is a mistake", () => {
    expect(refusal({ namespaces: { labels: { team: "a" }, among: { web: {} } } })).toContain("would be for nobody");
  });

  describe.each(["ClusterNetworkPolicy", "GlobalNetworkPolicy"] as const)("%s", (form) => {
    test.each<NonNullable<Written["namespaces"]>>([{ labels: { team: "a" } }, { allBut: ["kube-system"] }])(
      "selects %o, but cannot say the same namespace, in the profile or in an opening",
      (namespaces) => {
        expect(read({ namespaces, form }).baseline.selection).toEqual(namespaces);
        expect(refusal({ namespaces, form, profile: "same-namespace" })).toContain(
          '"the same namespace", as same-namespace does',
        );
        for (const from of [{ pods: { app: "a" } }, Peer.pods()])
          expect(refusal({ namespaces, form, openings: { others: { x: { from } } } })).toMatch(
            /"the same namespace", as x does[\s\S]*say the peer's namespace/,
          );
      },
    );

    test("has an object for each namespace that is known, and says that others stay open", () => {
      const namespaces = { labels: { team: "a" }, among: { web: { team: "a" }, shop: { team: "b" } } };
      const written = { namespaces, form, openings: { others: { x: { from: Peer.pods() } } } };
      expect(objects(read(written))).toHaveLength(1);
      expect(warnings(written).join()).toContain("not listed in namespaces.among stays open");
      expect(warnings({ ...written, namespaces: { names: ["web"] } }).join()).not.toContain("among");
      expect(refusal({ ...written, namespaces: { ...namespaces, among: { shop: {} } } })).toContain("for nobody");
    });

    test("never comes to no object at all", () => {
      const { baseline, ...settings } = read({ form, openings: { others: { x: { from: Peer.pods() } } } });
      for (const names of [undefined, []])
        expect(() => objects({ ...settings, baseline: { ...baseline, names } })).toThrow("would come to no object");
    });
  });
});

describe("what the CNI does not enforce", () => {
  const openings: Written["openings"] = {
    monitoring: { namespace: "monitoring", ports: "tcp/metrics" },
    others: { media: { from: Peer.everyPod(), ports: "udp/3000-3100", pods: { app: "sip" } } },
  };

  test.each(["bridge", "flannel", "linen", "contiv"] as const)("%s enforces nothing, and that is said", (cni) => {
    expect(warnings({ cni, openings })).toEqual([
      `policy baseline in shop, web: ${enforcement[cni].title} reads no policy: nothing of it is enforced`,
    ]);
  });

  test("Weave takes neither names nor ranges of ports: said per policy and rule", () => {
    expect(warnings({ cni: "weave", openings })).toEqual([
      "policy baseline in shop, web; rule monitoring: Weave refuses all of the policy for the port by name tcp/metrics: it closes nothing; say its number",
      "policy baseline-media in shop, web; rule media: Weave does not know endPort: of udp/3000-3100 only the first port is open",
    ]);
  });

  test("OVN-Kubernetes takes ranges and no names; Nuage and Romana no egress", () => {
    expect(warnings({ cni: "ovn-kubernetes", openings }).join("\n")).not.toContain("endPort");
    expect(warnings({ cni: "ovn-kubernetes", openings }).join("\n")).toContain("rule monitoring");
    for (const cni of ["nuage", "romana"] as const)
      expect(warnings({ cni }).join("\n")).toContain("every rule of egress");
  });

  test("Nuage and Romana take neither ranges of addresses nor SCTP: said per policy and rule, and refused by strict", () => {
    const others = {
      lan: { from: ["10.0.0.0/8", "fd00::/8"], ports: "tcp/80" },
      signals: { from: Peer.namespace("sip"), pods: { app: "sip" }, ports: ["sctp/2905", "tcp/22"] },
    };
    for (const cni of ["nuage", "romana"] as const) {
      const { title } = enforcement[cni];
      const said = [
        `policy baseline in shop, web; rule lan: ${title} does not know ranges of addresses: none of 10.0.0.0/8, fd00::/8 is enforced; name pods by labels`,
        `policy baseline-signals in shop, web; rule signals: ${title} does not know SCTP: sctp/2905 is not enforced`,
      ];
      const told = warnings({ cni, directions: "ingress", openings: { others } });
      expect(told).toEqual([...said, expect.stringContaining(title)]);
      const refused = refusal({ cni, profile: "strict", directions: "ingress", openings: { others } });
      for (const line of said) expect(refused).toContain(line);
      // Nothing of egress is enforced, of which its rules are no more than a part.
      expect(warnings({ cni, directions: "egress" }).filter((line) => line.includes("rule dns"))).toEqual([]);
    }
    expect(warnings({ directions: "ingress", openings: { others } })).toEqual([]);
  });

  test("Canal enforces all of it", () => {
    expect(warnings({ cni: "canal", openings })).toEqual([]);
  });

  test("a network of podnet says by itself which it is, and nothing said is said too", () => {
    const network = { __pulumiType: "podnet:index:FlannelNetwork" };
    expect(warnings({ cni: undefined, network }).join()).toContain("flannel reads no policy");
    expect(warnings({ cni: undefined }).join()).toContain("nothing says which CNI");
    const contiv = { __pulumiType: "podnet:index:ContivNetwork" };
    expect(warnings({ cni: undefined, network: contiv }).join()).toContain("Contiv reads no policy");
    expect(warnings({ cni: undefined, network: { ...contiv, enforcesPolicy: true } as never })).toEqual([]);
    // Calico for policy alone stands beside flannel.
    expect(warnings({ cni: "calico", network })).toEqual([]);
  });

  test("strict refuses what elsewhere is told", () => {
    const profile = "strict";
    expect(refusal({ profile, cni: "flannel" })).toContain("reads no policy");
    expect(refusal({ profile, cni: undefined })).toContain("nothing says which CNI");
    expect(refusal({ profile, openings: { others: { all: { to: "0.0.0.0/0" } } } })).toMatch(
      /no port that is not named[\s\S]*nothing to everywhere/,
    );
    expect(read({ profile, openings: { others: { db: { to: "10.0.0.0/24", ports: "tcp/5432" } } } }).cni).toBe("canal");
  });

  test.each<[string, NonNullable<NonNullable<Written["openings"]>["others"]>[string]]>([
    ["to everywhere", { to: "::/0" }],
    ["to everywhere", { to: Peer.everyPod() }],
    ["to everywhere", { to: ["0.0.0.0/1", "128.0.0.0/1"] }],
    ["to everywhere", { to: "2000::/3" }],
    ["from everywhere", { from: "0.0.0.0/0 except 10.0.0.0/8" }],
    ["from everywhere", { from: ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"] }],
    ["from everywhere", { from: Peer.everyPod() }],
  ])("strict opens nothing %s: %o", (words, opening) => {
    const said = refusal({ profile: "strict", openings: { others: { all: { ...opening, ports: "tcp/443" } } } });
    expect(said).toContain(`strict opens nothing ${words}`);
  });

  test("strict opens to and from what is named", () => {
    const named = [Peer.namespace("db"), Peer.namespaces({ team: "a" }), "10.0.0.0/8", "128.0.0.0/1", "fd00::/8"];
    for (const end of ["from", "to"])
      expect(
        read({ profile: "strict", openings: { others: { some: { [end]: named, ports: "tcp/443" } } } }),
      ).toBeDefined();
  });

  test("a form that the CNI does not know is refused", () => {
    expect(refusal({ cni: "flannel", form: "GlobalNetworkPolicy" })).toContain(
      "flannel does not know GlobalNetworkPolicy",
    );
    expect(refusal({ cni: "antrea", form: "GlobalNetworkPolicy" })).toContain("leave form out");
    expect(refusal({ form: "ClusterNetworkPolicy", calicoVersion: "v3.28.5" })).toContain("from v3.32 on");
    const network = { __pulumiType: "podnet:index:CanalNetwork", calicoVersion: "v3.28.5" };
    expect(refusal({ form: "ClusterNetworkPolicy", cni: undefined, network })).toContain("from v3.32 on");
  });
});

test("what ClusterNetworkPolicy cannot say is refused, and what it leaves open is told", () => {
  const form = "ClusterNetworkPolicy";
  expect(refusal({ form, openings: { nodes: "192.0.2.0/24" } })).toContain("has no ranges in ingress");
  const many = Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [`one-${index}`, { to: { namespace: "db" }, ports: `tcp/${index + 1}` }]),
  );
  expect(refusal({ form, openings: { others: many as never } })).toContain("more than 25 rules");
  expect(warnings({ form, openings: { monitoring: { namespace: "m", ports: "tcp/metrics" } } }).join()).toContain(
    "experimental definitions",
  );
  expect(warnings({ form }).join()).toContain("what comes from nodes and from outside the cluster stays as it is");
});

test("a list that came out empty does not open to everybody", () => {
  const openings = { apiServer: { addresses: [] }, others: { db: { to: [] } } };
  expect(refusal({ openings })).toMatch(/name the API servers' addresses[\s\S]*would open to everybody/);
});

test("an opening in a direction that is not closed is a mistake", () => {
  expect(refusal({ directions: "ingress", openings: { apiServer: { addresses: "192.0.2.1" } } })).toContain(
    "egress is not closed, and needs no opening",
  );
});

test("closing egress of kube-system is told what it needs", () => {
  expect(warnings({ namespaces: { names: ["kube-system"] } }).join()).toContain(
    "CoreDNS needs an opening to its upstream",
  );
  expect(warnings({ profile: "cis", namespaces: undefined })).toEqual([]);
});
