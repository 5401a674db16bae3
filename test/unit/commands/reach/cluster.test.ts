import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { readCluster } from "../../../../commands/reach/cluster";
import { readObjects } from "../../../../components/policy/reach/read-objects";

const folder = mkdtempSync(join(tmpdir(), "podnet-kubectl-"));
const path = process.env.PATH;
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  process.env.PATH = `${folder}:${path}`;
});

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web-5f7-x",
    namespace: "shop",
    labels: { "pod-template-hash": "5f7" },
    ownerReferences: [{ kind: "ReplicaSet", name: "web-5f7", controller: true }],
  },
  spec: { nodeName: "node1", containers: [{ name: "c" }] },
  status: { phase: "Running", podIPs: [{ ip: "10.0.0.7" }] },
};

/** A stand-in for kubectl: knows these kinds, answers with these objects, and writes down what it is asked. */
function standIn(kinds: string[], items: object[]): string {
  const asked = join(folder, "asked");
  writeFileSync(join(folder, "answer.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const script = `#!/bin/sh
echo "$*" >> ${asked}
case "$*" in *api-resources*) printf '%s\\n' ${kinds.join(" ")};; *) cat ${join(folder, "answer.json")};; esac
`;
  writeFileSync(join(folder, "kubectl"), script);
  chmodSync(join(folder, "kubectl"), 0o755);
  writeFileSync(asked, "");
  return asked;
}

test("only kinds that the cluster has are asked for, and Calico's in one of its groups", async () => {
  const calico = ["tiers.crd.projectcalico.org", "tiers.projectcalico.org", "networkpolicies.projectcalico.org"];
  const asked = standIn(["pods", "secrets", "networkpolicies.networking.k8s.io", ...calico], [pod]);
  const { world } = readObjects(await readCluster("lab"));
  expect(readFileSync(asked, "utf8")).toContain(
    "--context lab get pods,networkpolicies.networking.k8s.io,networkpolicies.projectcalico.org,tiers.crd.projectcalico.org --all-namespaces",
  );
  expect(world.workloads).toMatchObject([{ owner: "Deployment/web", addresses: ["10.0.0.7"], node: "node1" }]);
});

test("an object of the cluster that cannot be read is named", async () => {
  standIn(["pods"], [{ ...pod, spec: { containers: "none" } }]);
  const found = await readCluster();
  expect(() => readObjects(found)).toThrow("the cluster, item 1, Pod shop web-5f7-x");
});

test("a cluster that does not answer, and a machine without kubectl, are said with the way out", async () => {
  writeFileSync(join(folder, "kubectl"), "#!/bin/sh\necho 'connection refused' >&2; exit 1\n");
  await expect(readCluster()).rejects.toThrow(/connection refused\nSay which one by KUBECONFIG/);
  rmSync(join(folder, "kubectl"));
  process.env.PATH = folder;
  await expect(readCluster()).rejects.toThrow("kubectl, which is not on the PATH");
});
