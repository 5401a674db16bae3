import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { imageBase } from "./image-base.mjs";
import { own } from "./image-files.mjs";
import { Layout } from "./oci.mjs";
import { cache, toolchain, clusterVersions as versions } from "./places.mjs";

/**
 * Images as upstream's of those names: the base or nothing below its own layer, and its command. The tags are those of
 * the binaries, so that what asks for another version does not get these.
 */
const images = [
  { part: "pause", names: ["registry.k8s.io/pause:3.10.2"], command: ["/pause"] },
  {
    part: "agnhost",
    // cyclonus asks for 2.43 by name, and takes any.
    names: ["2.63.0", "2.43"].map((tag) => `registry.k8s.io/e2e-test-images/agnhost:${tag}`),
    entrypoint: ["/agnhost"],
    command: ["pause"],
    onBase: true,
  },
  {
    part: "flannel",
    names: ["ghcr.io/flannel-io/flannel", "docker.io/flannel/flannel"].map((name) => `${name}:v${versions.flannel}`),
    entrypoint: ["/opt/bin/flanneld"],
    onBase: true,
  },
  {
    part: "flannel-cni",
    // The tags that flannel's manifests ask for; the plugin in it is the last that came as a Go module.
    names: ["ghcr.io/flannel-io/flannel-cni-plugin", "docker.io/flannel/flannel-cni-plugin"].flatMap((name) =>
      ["flannel1", "flannel3"].map((tag) => `${name}:v1.9.1-${tag}`),
    ),
    onBase: true,
  },
  {
    part: "calico-node",
    names: ofCalico("node"),
    command: ["start_runit"],
    // Without cgo there is no eBPF, and Felix must not look for programs of it that an earlier one left.
    environment: ["SVDIR=/etc/service/enabled", "FELIX_DebugSkipCTLBCleanup=true"],
    onBase: true,
  },
  { part: "calico-cni", names: ofCalico("cni"), command: ["/opt/cni/bin/install"], onBase: true },
  { part: "calico-typha", names: ofCalico("typha"), command: ["/usr/bin/calico-typha"], user: "999" },
  {
    part: "calico-kube-controllers",
    names: ofCalico("kube-controllers"),
    command: ["/usr/bin/kube-controllers"],
    // Its pod says runAsNonRoot.
    user: "999",
  },
];

function ofCalico(name) {
  return ["docker.io", "quay.io"].map((registry) => `${registry}/calico/${name}:v${versions.calico}`);
}

/** Elsewhere for other binaries, and for other words here. */
function archiveOf(folders) {
  const sources = ["images.mjs", "image-base.mjs", "image-files.mjs", "oci.mjs", "pause/pause.c"];
  const hash = createHash("sha256").update(
    Object.values(folders)
      .map((folder) => basename(folder))
      .join(),
  );
  for (const source of sources) hash.update(readFileSync(join(toolchain, source)));
  return join(cache, `images-${hash.digest("hex").slice(0, 12)}.tar`);
}

export const hasImages = (folders) => existsSync(archiveOf(folders));

/**
 * Makes the archive of all images that a cluster's nodes get, as `ctr -n k8s.io images import` takes it.
 *
 * @param folders where the binaries of each family are
 */
export async function buildImages(folders) {
  const archive = archiveOf(folders);
  if (existsSync(archive)) return archive;
  console.error("Making the container images (once, about half a minute)");
  const building = mkdtempSync(join(cache, "images-building-"));
  try {
    mkdirSync(join(building, "layout"));
    const layout = new Layout(join(building, "layout"));
    const base = join(building, "base");
    imageBase(base);
    const below = [await layout.layer(base)];
    for (const { part, names, onBase = false, ...run } of images) {
      const files = join(building, part);
      mkdirSync(files);
      own[part](files, folders);
      layout.image(names, [...(onBase ? below : []), await layout.layer(files)], run);
    }
    layout.write(join(building, "images.tar"));
    renameSync(join(building, "images.tar"), archive);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return archive;
}
