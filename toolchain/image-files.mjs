import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { buildPlugins } from "./cni.mjs";
import { moduleFolder } from "./go-build.mjs";
import { toolchain } from "./places.mjs";
import { show } from "./run.mjs";

/** What each image has of its own: written into an empty folder, from the folders with the binaries of each family. */
export const own = {
  pause: (files) => show("cc", ["-Os", "-static", "-s", "-o", join(files, "pause"), join(toolchain, "pause/pause.c")]),
  agnhost: (files, { kubernetes }) => put(join(kubernetes, "images/agnhost"), files, "agnhost"),
  flannel: (files, { flannel }) => put(join(flannel, "flanneld"), files, "opt/bin/flanneld"),
  "flannel-cni": (files, folders) => put(join(folders["flannel-cni"], "flannel"), files, "flannel"),
  "calico-node"(files, { calico }) {
    put(join(calico, "calico-node"), files, "usr/bin/calico-node");
    mkdirSync(join(files, "bin"));
    symlinkSync("/usr/bin/calico-node", join(files, "bin/calico-node"));
    // Which services start for which settings is upstream's own; a module's files have no mode, so it is set here.
    const source = moduleFolder("calico", "github.com/projectcalico/calico");
    cpSync(join(source, "node/filesystem/etc"), join(files, "etc"), { recursive: true });
    cpSync(join(source, "node/filesystem/sbin"), join(files, "usr/sbin"), { recursive: true });
    cpSync(join(source, "confd/etc/calico/confd"), join(files, "etc/calico/confd"), { recursive: true });
    for (const folder of ["etc", "usr/sbin"]) makeUsable(join(files, folder));
    // Debian's BIRD has its programs elsewhere, and not Calico's word for routes through IPIP: it fails where one is wanted.
    symlinkSync("/usr/sbin/birdcl", join(files, "usr/bin/birdcl"));
    replaceIn(join(files, "etc/calico/confd/templates/bird_ipam.cfg.template"), {
      'krt_tunnel = "{{$data.ipip}}";': '{{if $data.ipip}}krt_tunnel = "{{$data.ipip}}";{{end}}',
    });
    // Without cgo the runtime ends a service that has nothing to do: it need not be begun again every second.
    const idle = join(files, "etc/service/available/allocate-tunnel-addrs/finish");
    writeFileSync(idle, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
  },
  "calico-cni"(files, { calico, cni, ...others }) {
    for (const name of ["calico", "install"]) put(join(calico, name), files, `opt/cni/bin/${name}`);
    // One program, which does what it is called.
    linkSync(join(files, "opt/cni/bin/calico"), join(files, "opt/cni/bin/calico-ipam"));
    for (const folder of [join(buildPlugins(), "opt/cni/bin"), cni, others["flannel-cni"]])
      for (const name of readdirSync(folder)) put(join(folder, name), files, `opt/cni/bin/${name}`);
  },
  "calico-typha": (files, { calico }) => put(join(calico, "calico-typha"), files, "usr/bin/calico-typha"),
  "calico-kube-controllers"(files, { calico }) {
    put(join(calico, "kube-controllers"), files, "usr/bin/kube-controllers");
    put(join(calico, "check-status"), files, "usr/bin/check-status");
    // It runs as nobody in particular, and says there how it is.
    mkdirSync(join(files, "status"));
    writeFileSync(join(files, "status/status.json"), "");
    chmodSync(join(files, "status/status.json"), 0o666);
  },
};

function put(source, files, path) {
  mkdirSync(dirname(join(files, path)), { recursive: true });
  copyFileSync(source, join(files, path));
}

/** Writes other words in the place of some that must be there. */
function replaceIn(file, words) {
  let text = readFileSync(file, "utf8");
  for (const [old, other] of Object.entries(words)) {
    if (!text.includes(old)) throw new Error(`${file} does not have ${old}`);
    text = text.replaceAll(old, other);
  }
  writeFileSync(file, text);
}

/** Modules are read-only in Go's cache, and their scripts lost their x. */
function makeUsable(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const runs = entry.isDirectory() || /\/(sbin|service)\/|\/rc\.local$/.test(path);
    chmodSync(path, runs ? 0o755 : 0o644);
  }
}
