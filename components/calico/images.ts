import { z } from "zod";
import { since } from "./version";

const image = z.string().regex(/^[\w./:@-]+$/, "an image with its tag or digest");

/** Where container images come from. Each may be named whole, with its tag or digest; the others follow `version`. */
export const imageSettings = z.strictObject({
  /** @default "quay.io/calico" */
  registry: z
    .string()
    .regex(/^[\w./:-]+[^/]$/, "a registry and a path, without a slash at the end")
    .default("quay.io/calico"),
  /** @default "IfNotPresent" */
  pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent"),
  /** Secrets of the pods' namespace that hold the registry's credentials. @default [] */
  pullSecrets: z.array(z.string().min(1)).default([]),
  node: image.optional(),
  cni: image.optional(),
  kubeControllers: image.optional(),
  typha: image.optional(),
  /** calicoctl, which writes what is kept in etcd. */
  ctl: image.optional(),
});

export type ImageSettings = z.output<typeof imageSettings>;

/** An image and how its program is called, which depends on the release. */
export interface Program {
  image: string;
  command?: string[];
  args?: string[];
}

export interface Programs {
  node: string;
  installCni: Program;
  upgradeIpam: Program;
  prepareNode: Program;
  kubeControllers: Program;
  typha: Program;
  ctl: string;
  /** Commands that run inside of the containers: their probes, and what a node says before its pod ends. */
  health(question: "live" | "ready", of: readonly ("felix" | "bird")[]): string[];
  checkControllers: string[];
  shutdown: string[];
}

/**
 * The programs of a release. From v3.33 on one image has them all but calico-node, and a program is an argument of it;
 * before, each has an image of its own.
 */
export function programs(version: string, images: ImageSettings): Programs {
  return since(version, "3.33.0") ? consolidated(version, images) : separate(version, images);
}

function separate(version: string, { registry, node, cni, kubeControllers, typha, ctl }: ImageSettings): Programs {
  const nodeImage = node ?? `${registry}/node:${version}`;
  const cniImage = cni ?? `${registry}/cni:${version}`;
  return {
    node: nodeImage,
    installCni: { image: cniImage, command: ["/opt/cni/bin/install"] },
    upgradeIpam: { image: cniImage, command: ["/opt/cni/bin/calico-ipam", "-upgrade"] },
    prepareNode: { image: nodeImage, command: ["calico-node", "-init", "-best-effort"] },
    kubeControllers: { image: kubeControllers ?? `${registry}/kube-controllers:${version}` },
    typha: { image: typha ?? `${registry}/typha:${version}` },
    ctl: ctl ?? `${registry}/ctl:${version}`,
    health: (question, of) => ["/bin/calico-node", ...of.map((one) => `-${one}-${question}`)],
    checkControllers: ["/usr/bin/check-status"],
    shutdown: ["/bin/calico-node", "-shutdown"],
  };
}

function consolidated(version: string, { registry, node, cni, kubeControllers, typha, ctl }: ImageSettings): Programs {
  const nodeImage = node ?? `${registry}/node:${version}`;
  const all = `${registry}/calico:${version}`;
  const component = (...words: string[]) => ["component", ...words];
  return {
    node: nodeImage,
    installCni: { image: cni ?? all, args: component("cni", "install") },
    upgradeIpam: { image: cni ?? all, command: ["/usr/bin/calico-ipam", "-upgrade"] },
    prepareNode: { image: nodeImage, command: ["calico", ...component("node", "init", "--best-effort")] },
    kubeControllers: { image: kubeControllers ?? all, args: component("kube-controllers") },
    typha: { image: typha ?? all, args: component("typha") },
    ctl: ctl ?? `${registry}/ctl:${version}`,
    health: (question, of) => ["calico", ...component("node", "health", ...of.map((one) => `--${one}-${question}`))],
    checkControllers: ["/usr/bin/calico", ...component("kube-controllers", "kube-controllers-health")],
    shutdown: ["calico", ...component("node", "shutdown")],
  };
}

/** The names of Secrets with credentials of the registry, as pods list them. */
export function pullSecrets({ pullSecrets: names }: ImageSettings): Record<string, unknown> {
  return names.length > 0 ? { imagePullSecrets: names.map((name) => ({ name })) } : {};
}
