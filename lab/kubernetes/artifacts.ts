import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { cacheFolder, projectFolder } from "../cache";
import { locked } from "../lock";

/** What a cluster is made of, built once for this machine. */
export interface Artifacts {
  /** Folder with etcd. */
  etcd: string;
  /** Folder with the control plane's programs and kubectl. */
  control: string;
  /** A layer for nodes: kubelet and kube-proxy in /usr/local/bin. */
  node: string;
  /** Archive of the images that nodes have from the start. */
  images: string;
  /** Folder with cyclonus. */
  cyclonus: string;
  /** Folder with flanneld, for hosts that run it without Kubernetes. */
  flannel: string;
  /** Folder with flannel's CNI plugin, for the same. */
  flannelPlugin: string;
  /** File with the definitions of Calico's kinds. */
  calicoCrds: string;
  /** The same and those of the kinds of Tigera's operator. */
  calicoOperatorCrds: string;
  /** File with the definition of ClusterNetworkPolicy. */
  policyCrds: string;
}

const path = z.string();
const built = z.object({
  etcd: path,
  kubernetes: path,
  flannel: path,
  "flannel-cni": path,
  cyclonus: path,
  images: path,
  calicoCrds: path,
  calicoOperatorCrds: path,
  policyCrds: path,
});

/** Builds what is missing, a quarter of an hour the first time, which it says on stderr. Two labs build it once. */
export async function clusterArtifacts(): Promise<Artifacts> {
  const script = join(projectFolder(), "toolchain", "bootstrap.mjs");
  const text = await locked(join(cacheFolder, "kubernetes.lock"), () => answer(script, "kubernetes"));
  const { kubernetes, "flannel-cni": flannelPlugin, ...rest } = built.parse(JSON.parse(text));
  return { ...rest, flannelPlugin, control: join(kubernetes, "control"), node: join(kubernetes, "node") };
}

function answer(...words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`lab: cannot build Kubernetes (exit ${code}); what failed stands above`));
    });
  });
}
