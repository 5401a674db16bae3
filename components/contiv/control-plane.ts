import { type KubernetesObject, secret } from "../kubernetes/object";
import { configMapKey, hostPath, secretVolume, values } from "../kubernetes/pod";
import { singleDeployment } from "../kubernetes/workload";
import { type ContivSettings, type OwnStore, ports } from "./complete";
import { accounts, configured } from "./netplugin";
import { configName, controlPlane, exporter, initVariables, scraped, variables } from "./pod";

type Place = { namespace: string; labels: Record<string, string> };

const proxySecret = "contiv-auth-proxy";

/** netmaster, one of them: a second of another release would change the same state. */
export function netmaster(settings: ContivSettings, place: Place): KubernetesObject[] {
  const { images, pullPolicy, netmaster: said } = settings;
  const state = hostPath("state", "/var/contiv", "DirectoryOrCreate");
  const log = hostPath("log", "/var/log/contiv", "DirectoryOrCreate");
  const programs = hostPath("programs", "/usr/local/sbin", "DirectoryOrCreate");
  const proxy = authProxy(settings);
  const init = {
    name: "contiv-netplugin-init",
    image: images.netpluginInit,
    imagePullPolicy: pullPolicy,
    env: initVariables("netmaster"),
    volumeMounts: [state.mount],
  };
  const netctl = {
    name: "contiv-netctl",
    image: String(images.netplugin),
    imagePullPolicy: pullPolicy,
    command: ["cp", "/contiv/bin/netctl", "/usr/local/sbin/netctl"],
    volumeMounts: [programs.mount],
  };
  const container = {
    name: "contiv-netmaster",
    image: String(images.netplugin),
    imagePullPolicy: pullPolicy,
    env: variables("netmaster", settings),
    readinessProbe: { tcpSocket: { port: ports.rest }, periodSeconds: 5 },
    volumeMounts: [state.mount, log.mount],
  };
  return [
    service(place, "contiv-netmaster", said.clusterIp, ports.rest),
    deployment(place, "contiv-netmaster", {
      annotations: { ...configured(settings), ...scraped(settings, 9005) },
      pod: {
        ...controlPlane(settings),
        serviceAccountName: accounts.netmaster,
        initContainers: [init, ...(said.netctl ? [netctl] : [])],
        containers: [...exporter(settings, "netmaster"), container, ...proxy.map(({ container: one }) => one)],
        volumes: [state, log, ...(said.netctl ? [programs] : []), ...proxy.map(({ certificate }) => certificate)].map(
          ({ volume }) => volume,
        ),
      },
    }),
  ];
}

/** HTTPS and users in front of netmaster. Its certificate lies in a Secret, where upstream leaves it on the node. */
function authProxy({ authProxy: said, images, pullPolicy, store }: ContivSettings) {
  if (!said) return [];
  const certificate = secretVolume("certificate", proxySecret, "/etc/contiv/tls");
  const container = {
    name: "contiv-api-proxy",
    image: images.authProxy,
    imagePullPolicy: pullPolicy,
    args: [
      "--tls-key-file=/etc/contiv/tls/tls.key",
      "--tls-certificate=/etc/contiv/tls/tls.crt",
      "--data-store-address=$(STORE_URL)",
      "--data-store-driver=$(STORE_DRIVER)",
      `--netmaster-address=localhost:${ports.rest}`,
    ],
    env: [
      ...values({ NO_NETMASTER_STARTUP_CHECK: "0", STORE_DRIVER: store.type === "consul" ? "consul" : "etcd" }),
      configMapKey("STORE_URL", configName, "contiv_etcd"),
    ],
    securityContext: { privileged: false },
    volumeMounts: [certificate.mount],
  };
  return [{ container, certificate }];
}

/** Secrets of the control plane, and of the gateway to ACI; keys are Pulumi outputs, or text in a test. */
export function secrets({ authProxy: said, aci }: ContivSettings, place: Place): KubernetesObject[] {
  return [
    ...(said ? [secret({ ...place, name: proxySecret }, { "tls.crt": said.certificate, "tls.key": said.key })] : []),
    ...(aci
      ? [
          secret(
            { ...place, name: "aci.key" },
            {
              ...(aci.certificate && { "aci.key": aci.certificate.key }),
              ...(aci.password !== undefined && { password: aci.password }),
            },
          ),
        ]
      : []),
  ];
}

/** An etcd of Contiv's own: one member, whose data stays on its node. Upstream's runs on each node of the control plane, each with data of its own. */
export function etcd(settings: ContivSettings, place: Place): KubernetesObject[] {
  const { store, images, pullPolicy } = settings;
  if (store.type !== "own") return [];
  const { clusterIp, node, dataDirectory }: OwnStore = store;
  const data = hostPath("data", dataDirectory, "DirectoryOrCreate");
  const container = {
    name: "contiv-etcd",
    image: images.etcd,
    imagePullPolicy: pullPolicy,
    command: ["/usr/local/bin/etcd"],
    env: values({
      ETCD_NAME: "contiv-etcd",
      ETCD_DATA_DIR: dataDirectory,
      ETCD_ADVERTISE_CLIENT_URLS: `http://${clusterIp}:${ports.etcd}`,
      ETCD_LISTEN_CLIENT_URLS: `http://0.0.0.0:${ports.etcd}`,
      // A single member has no peers to hear.
      ETCD_LISTEN_PEER_URLS: "http://127.0.0.1:6667",
    }),
    readinessProbe: { tcpSocket: { port: ports.etcd }, periodSeconds: 5 },
    volumeMounts: [data.mount],
  };
  return [
    service(place, "contiv-etcd", clusterIp, ports.etcd),
    deployment(place, "contiv-etcd", {
      pod: { ...controlPlane(settings, node), containers: [container], volumes: [data.volume] },
    }),
  ];
}

function service({ namespace, labels }: Place, name: string, clusterIP: string, port: number): KubernetesObject {
  const spec = { clusterIP, selector: { "k8s-app": name }, ports: [{ port }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace, labels }, spec };
}

interface Wanted {
  annotations?: Record<string, string>;
  pod: Record<string, unknown>;
}

function deployment({ namespace, labels }: Place, name: string, wanted: Wanted): KubernetesObject {
  return singleDeployment({ metadata: { name, namespace, labels }, selector: { "k8s-app": name }, ...wanted });
}
