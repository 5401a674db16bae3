import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../../components/node/quote";
import type { AddressPair } from "../address";
import { must } from "../shell";
import { clusterNetworks } from "./addresses";

/** Who somebody is to the API server: user and group are the certificate's names. */
export interface Identity {
  /** Name of the files. */
  file: string;
  user: string;
  group?: string;
  /** DNS names and addresses it serves under. */
  serves?: { names: string[]; addresses: string[] };
}

/** A certificate with its key, as PEM. */
export interface Credential {
  certificate: string;
  key: string;
}

/** Identities of the control plane, as a cluster made by kubeadm has them. */
export const controlIdentities = (own: AddressPair): Identity[] => [
  {
    file: "apiserver",
    user: "kube-apiserver",
    serves: {
      names: ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"],
      addresses: [own.ipv4, own.ipv6, clusterNetworks.apiService, "127.0.0.1"],
    },
  },
  { file: "kubelet-client", user: "kube-apiserver-kubelet-client", group: "system:masters" },
  { file: "controller-manager", user: "system:kube-controller-manager" },
  { file: "scheduler", user: "system:kube-scheduler" },
  { file: "proxy", user: "system:kube-proxy" },
  { file: "admin", user: "podnet-lab-admin", group: "system:masters" },
];

/** Both sides of a node's kubelet: what it may ask the API server, and what it serves. */
export const nodeIdentity = (name: string, own: AddressPair): Identity => ({
  file: "kubelet",
  user: `system:node:${name}`,
  group: "system:nodes",
  serves: { names: [name], addresses: [own.ipv4, own.ipv6] },
});

const config = `[req]
distinguished_name = names
[names]
`;
const request =
  "openssl req -new -x509 -config req.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -utf8";

/** The shell of a run that was killed is at work for a moment more: its key and another's certificate are no pair. */
const alone = "exec 9> lock\nflock 9";

/**
 * Makes the authority and the service account key of a cluster, and what of the identities is missing. A certificate
 * appears after its key, so that a killed run is repaired by the next. Keys are their owner's alone (0600).
 */
export async function ensureCertificates(folder: string, identities: readonly Identity[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await must(
    "make the cluster's authority",
    `set -eu
umask 077
cd ${quote(folder)}
${alone}
printf %s ${quote(config)} > req.cnf
[ -s service-accounts.pub ] || {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out service-accounts.key
  openssl pkey -in service-accounts.key -pubout -out pub.new && mv pub.new service-accounts.pub
}
[ -s ca.crt ] || {
  ${request} -subj /CN=kubernetes -addext basicConstraints=critical,CA:TRUE \\
    -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.new 2>/dev/null
  mv ca.new ca.crt
}`,
  );
  await issue(folder, folder, identities);
}

/** Issues, into a folder, what of the identities is missing there. */
async function issue(authority: string, folder: string, identities: readonly Identity[]): Promise<void> {
  const commands = identities.map(({ file, user, group, serves }) => {
    const usage = serves ? "serverAuth,clientAuth" : "clientAuth";
    const names = serves && [...serves.names.map((name) => `DNS:${name}`), ...serves.addresses.map((ip) => `IP:${ip}`)];
    const words = [
      `-subj ${quote(`${group ? `/O=${group}` : ""}/CN=${user}`)}`,
      "-addext basicConstraints=critical,CA:FALSE",
      `-addext extendedKeyUsage=${usage}`,
      ...(names ? [`-addext ${quote(`subjectAltName=${names.join(",")}`)}`] : []),
      `-CA ca.crt -CAkey ca.key -keyout ${quote(`${folder}/${file}.key`)} -out ${quote(`${folder}/${file}.new`)}`,
    ];
    const [made, whole] = [quote(`${folder}/${file}.new`), quote(`${folder}/${file}.crt`)];
    return `[ -s ${whole} ] || { ${request} ${words.join(" ")} 2>/dev/null; mv ${made} ${whole}; }`;
  });
  const script = ["set -eu", "umask 077", `cd ${quote(authority)}`, alone, ...commands].join("\n");
  await must("issue the cluster's certificates", script);
}

/** The credential of an identity, issued by the authority when its folder does not have it yet. */
export async function credential(authority: string, folder: string, identity: Identity): Promise<Credential> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await issue(authority, folder, [identity]);
  const [certificate, key] = await Promise.all(
    ["crt", "key"].map((end) => readFile(join(folder, `${identity.file}.${end}`), "utf8")),
  );
  return { certificate: certificate ?? "", key: key ?? "" };
}
