import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** What the lab runs, and the Debian package that has it. */
const programs: Record<string, string> = {
  ip: "iproute2",
  nft: "nftables",
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
  "ssh-keygen": "openssh-client",
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
};

/** What making a cluster's certificates takes besides. */
const clusterPrograms: Record<string, string> = { openssl: "openssl" };

/** Throws one sentence that says all that is missing for a lab on this machine. */
export function requireLabHost(withCluster: boolean): void {
  if (process.platform !== "linux") throw new Error("lab: nodes are made of Linux namespaces; run it on Linux");
  if (process.getuid?.() !== 0) throw new Error("lab: namespaces and mounts need root; run it as root");
  const needed = withCluster ? { ...programs, ...clusterPrograms } : programs;
  const missing = Object.keys(needed).filter((program) => !onPath(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => needed[program]))];
  throw new Error(`lab: ${missing.join(", ")} not found; install them (Debian: apt-get install ${packages.join(" ")})`);
}

function onPath(program: string): boolean {
  return ["/usr/sbin", "/usr/bin", "/sbin", "/bin", ...(process.env.PATH ?? "").split(":")].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
