import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { goBuild, moduleFolder } from "./go-build.mjs";
import { buildImages, hasImages } from "./images.mjs";
import { cache, toolchain, clusterVersions as versions } from "./places.mjs";

/**
 * Families of programs, each of one pinned module. Calico's and flannel's run in pods; etcd and the control plane on this
 * machine; what is under `node` is a layer for the lab's nodes.
 */
const programs = {
  etcd: [{ from: "go.etcd.io/etcd/server/v3", into: ".", as: "etcd" }],
  kubernetes: [
    ...["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"].map((name) =>
      ofKubernetes(`cmd/${name}`, "control"),
    ),
    ...["kubelet", "kube-proxy"].map((name) => ofKubernetes(`cmd/${name}`, "node/usr/local/bin")),
    ofKubernetes("test/images/agnhost", "images"),
  ],
  flannel: [
    {
      from: "github.com/flannel-io/flannel",
      into: ".",
      as: "flanneld",
      // Its udp backend is C. Static, so that it runs in any image.
      cgo: true,
      tags: "netgo,osusergo",
      ldflags: `-s -w -extldflags=-static -X github.com/flannel-io/flannel/pkg/version.Version=v${versions.flannel}`,
    },
  ],
  "flannel-cni": [{ from: "github.com/containernetworking/plugins/plugins/meta/flannel", into: "." }],
  calico: [
    ofCalico("node/cmd/calico-node", "github.com/projectcalico/calico/node/pkg/lifecycle/startup.VERSION"),
    ofCalico("cni-plugin/cmd/calico", "main.VERSION"),
    ofCalico("cni-plugin/cmd/install", "main.VERSION"),
    ofCalico("kube-controllers/cmd/kube-controllers", "main.VERSION"),
    ofCalico("kube-controllers/cmd/check-status", "main.VERSION"),
    ofCalico("typha/cmd/calico-typha"),
  ],
  // Those that Calico's image has besides the ones that every node of the lab has.
  cni: ["bandwidth", "tuning"].map((name) => ({
    from: `github.com/containernetworking/plugins/plugins/meta/${name}`,
    into: ".",
  })),
  cyclonus: [{ from: "github.com/mattfenwick/cyclonus/cmd/cyclonus", into: "." }],
};

/** Where the binaries of each family are: elsewhere for another version, other modules or other programs. */
const folders = Object.fromEntries(
  Object.entries(programs).map(([name, list]) => {
    const hash = createHash("sha256").update(JSON.stringify(list));
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(toolchain, name, file)));
    return [name, join(cache, `${name}-${versions[name]}-${hash.digest("hex").slice(0, 8)}`)];
  }),
);

/** A binary knows its version only by the linker; API server and kubelet compare theirs. */
function ofKubernetes(path, into) {
  const [major, minor] = versions.kubernetes.split(".");
  const base = "k8s.io/component-base/version";
  const values = [`gitVersion=v${versions.kubernetes}`, `gitMajor=${major}`, `gitMinor=${minor}`];
  const client = `-X k8s.io/client-go/pkg/version.gitVersion=v${versions.kubernetes}`;
  const ldflags = ["-s -w", ...values.map((value) => `-X ${base}.${value}`), client].join(" ");
  return { from: `k8s.io/kubernetes/${path}`, into, ldflags };
}

function ofCalico(path, versionVariable) {
  const version = versionVariable ? ` -X ${versionVariable}=v${versions.calico}` : "";
  return { from: `github.com/projectcalico/calico/${path}`, into: ".", ldflags: `-s -w${version}` };
}

export const hasKubernetes = () => Object.values(folders).every((folder) => existsSync(folder)) && hasImages(folders);

/**
 * Builds what is missing of a cluster: a quarter of an hour on two processors the first time. Answers where things are:
 * folders with binaries by family, and the archive of container images.
 */
export async function buildKubernetes() {
  const missing = Object.keys(folders).filter((name) => !existsSync(folders[name]));
  if (missing.length > 0)
    console.error(`Building ${missing.join(", ")} from Go modules (once, up to a quarter of an hour)`);
  for (const [name, list] of Object.entries(programs)) goBuild(join(toolchain, name), folders[name], list);
  const [calicoCrds, calicoOperatorCrds] = ["crds.yaml", "operator-crds.yaml"].map((name) =>
    definitions("calico", "github.com/projectcalico/calico", `manifests/${name}`),
  );
  const policyCrds = definitions(
    "network-policy-api",
    "sigs.k8s.io/network-policy-api",
    "config/crd/standard/policy.networking.k8s.io_clusternetworkpolicies.yaml",
  );
  return { ...folders, images: await buildImages(folders), calicoCrds, calicoOperatorCrds, policyCrds };
}

/** A file of a module with definitions of kinds, kept where Go's own cache may be emptied. */
function definitions(family, module, path) {
  const folder = join(cache, `${family}-${versions[family]}-definitions`);
  const file = join(folder, basename(path));
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(moduleFolder(family, module), path), `${file}.${process.pid}`);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
