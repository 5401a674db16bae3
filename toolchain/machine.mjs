import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isOlder } from "./places.mjs";
import { ask, Refusal, show, which } from "./run.mjs";

/** What the lab runs on this machine, and the Debian package that has it. */
const labPackages = {
  ip: "iproute2",
  nft: "nftables",
  unshare: "util-linux",
  setpriv: "util-linux",
  "ssh-keygen": "openssh-client",
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
};

/** What a Kubernetes cluster in the lab is built and begun with. */
const clusterPackages = {
  openssl: "openssl",
  cc: "gcc",
  // The C library's headers have no program of their own; this one comes with them.
  gencat: "libc6-dev",
};

/** What only the tests run on this machine itself. */
const testPackages = {
  ...clusterPackages,
  sshd: "openssh-server",
  dnsmasq: "dnsmasq-base",
  iptables: "iptables",
  tcpdump: "tcpdump",
  ethtool: "ethtool",
  // One of the shells that scripts for nodes are run by.
  busybox: "busybox",
  // Shows pages that podnet writes; its fonts come with it.
  "chromium-headless-shell": "chromium-headless-shell",
};

const packagesFor = ({ tests, cluster }) => ({
  ...labPackages,
  ...(cluster && clusterPackages),
  ...(tests && testPackages),
});

const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const installed = (program) => which(program, [...(process.env.PATH ?? "").split(":"), ...folders]) !== undefined;

/** The `go` command, also where its archive puts it and no PATH does. */
export const goCommand = () => which("go") ?? which("go", ["/usr/local/go/bin"]);

/**
 * What cannot be mended from here is said before anything is done, all at once.
 *
 * @param modules folders of the Go modules that must be built
 * @param needs what this run is for besides the lab: { tests, cluster }
 */
export function requireMachine(modules, needs = {}) {
  const problems = [];
  if (process.platform !== "linux") problems.push("Linux (the lab's nodes are Linux namespaces)");
  else if (process.getuid() !== 0) problems.push("root (the lab makes namespaces and mounts): run it as root");
  problems.push(...goProblem(modules));
  const missing = missingPackages(needs);
  if (missing.length > 0 && which("apt-get", folders) === undefined) {
    problems.push(
      `the programs ${missing.map(([program]) => program).join(", ")}: install them with this system's package manager`,
    );
  }
  if (problems.length > 0) throw new Refusal(`podnet needs ${problems.join("; and ")}.`);
}

/** Go 1.21 and newer get by themselves the version that a module asks for; one that is older, or may not, says so here. */
function goProblem(modules) {
  const wanted = modules.map((folder) => [folder, /^go (\S+)$/m.exec(readFileSync(join(folder, "go.mod"), "utf8"))[1]]);
  const [newest] = wanted.sort(([, left], [, right]) => (isOlder(left, right) ? 1 : -1));
  if (newest === undefined) return [];
  const [folder, version] = newest;
  const need = `Go ${version} or newer on the PATH (it builds what the lab runs, and the engine where that cannot be downloaded)`;
  const go = goCommand();
  if (go === undefined) return [need];
  const own = (options) => /go(\d[\w.]*)/.exec(ask(go, ["version"], options) ?? "")?.[1];
  const found = own({ cwd: folder });
  if (found !== undefined && !isOlder(found, version)) return [];
  const local = own({ env: { ...process.env, GOTOOLCHAIN: "local" } });
  return [`${need}: ${go} is ${local ?? "no Go"}`];
}

/** Installs the Debian packages whose programs are missing; asks for package lists only then. */
export function installPackages(needs) {
  const wanted = [...new Set(missingPackages(needs).map(([, name]) => name))];
  if (wanted.length === 0) return;
  console.log(`Installing Debian packages: ${wanted.join(" ")}`);
  // RUNLEVEL=1: what comes with a service (sshd) does not start it on this machine.
  const quiet = {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  };
  // A package installation that was killed leaves dpkg to be finished first.
  if (ask("dpkg", ["--audit"]) !== "") show("dpkg", ["--configure", "-a"], quiet);
  show("apt-get", ["update", "-q"], quiet);
  show("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...wanted], quiet);
  const still = missingPackages(needs).map(([program]) => program);
  if (still.length > 0) throw new Refusal(`podnet needs ${still.join(", ")}, which ${wanted.join(" ")} did not bring.`);
}

function missingPackages(needs) {
  if (process.platform !== "linux" || !existsSync("/proc")) return [];
  return Object.entries(packagesFor(needs)).filter(([program]) => !installed(program));
}
