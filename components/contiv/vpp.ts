import { configMap, type KubernetesObject } from "../kubernetes/object";
import { type Container, configMapVolume, fieldRef, hostPath, type MountedVolume, values } from "../kubernetes/pod";
import { accountWithRole, allow, type Permission } from "../kubernetes/rbac";
import { hostDaemonSet } from "../kubernetes/workload";
import { sha256 } from "../node/kinds/file";
import { type ContivSettings, ports } from "./complete";
import { controlPlane, pulled } from "./pod";
import { agentFiles, etcdConf, govpp, vppConflist } from "./vpp-config";
import { definitions } from "./vpp-definitions";

type Place = { namespace: string; labels: Record<string, string> };
type Vpp = NonNullable<ContivSettings["vpp"]>;

/** Contiv-VPP: a switch in user space on every node, an etcd, and what reflects the cluster's state into it. */
export function vppObjects(settings: ContivSettings, place: Place): KubernetesObject[] {
  const { crd } = settings.vpp as Vpp;
  const named = (name: string) => ({ ...place, name });
  const reads: Permission[] = [
    allow("", ["pods", "namespaces", "services", "endpoints", "nodes"], ["list", "watch"]),
    allow("networking.k8s.io", ["networkpolicies"], ["list", "watch"]),
  ];
  return [
    ...(crd ? definitions(place.labels) : []),
    configMap(named("contiv-agent-cfg"), agentFiles(settings)),
    configMap(named("vpp-agent-cfg"), { "govpp.conf": govpp }),
    configMap(named("contiv-cni-cfg"), { "10-contiv-vpp.conflist": vppConflist }),
    configMap(named("contiv-etcd-cfg"), { "etcd.conf": etcdConf(false) }),
    configMap(named("contiv-etcd-withcompact-cfg"), { "etcd.conf": etcdConf(true) }),
    configMap(named("contiv-ksr-http-cfg"), { "http.conf": "endpoint: 127.0.0.1:9191\n" }),
    ...accountWithRole(named("contiv-vswitch"), []),
    ...accountWithRole(named("contiv-ksr"), reads),
    ...etcdObjects(settings, place),
    vswitch(settings, place),
    watcher(settings, place, "contiv-ksr", 9191),
    ...(crd
      ? [
          configMap(named("contiv-crd-http-cfg"), { "http.conf": "endpoint: 127.0.0.1:9090\n" }),
          ...accountWithRole(named("contiv-crd"), [
            allow("apiextensions.k8s.io", ["customresourcedefinitions"], ["*"]),
            ...["nodeconfig.contiv.vpp", "telemetry.contiv.vpp", "contivpp.io"].map((group) =>
              allow(group, ["*"], ["*"]),
            ),
            allow("", ["nodes"], ["get", "list", "watch"]),
          ]),
          watcher(settings, place, "contiv-crd", 9090),
        ]
      : []),
  ];
}

function etcdObjects(settings: ContivSettings, { namespace, labels }: Place): KubernetesObject[] {
  const { vpp, pullPolicy, store } = settings;
  const selector = { "k8s-app": "contiv-etcd" };
  const metadata = { name: "contiv-etcd", namespace, labels };
  const directory = store.type === "own" ? store.dataDirectory : "/var/etcd/contiv-data";
  const data = hostPath("data", directory, "DirectoryOrCreate");
  const listen = (port: number) => `http://0.0.0.0:${port}`;
  const container: Container = {
    name: "contiv-etcd",
    image: (vpp as Vpp).images.etcd,
    imagePullPolicy: pullPolicy,
    command: ["/usr/local/bin/etcd"],
    args: [
      "--name=contiv-etcd",
      `--data-dir=${directory}`,
      `--advertise-client-urls=${listen(ports.etcdOfVpp)}`,
      `--listen-client-urls=${listen(ports.etcdOfVpp)}`,
      "--listen-peer-urls=http://127.0.0.1:12380",
    ],
    env: values({ ETCDCTL_API: "3" }),
    volumeMounts: [data.mount],
  };
  const node = store.type === "own" ? store.node : undefined;
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { type: "NodePort", selector, ports: [{ port: ports.etcdOfVpp, nodePort: 32379 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata,
      spec: {
        serviceName: "contiv-etcd",
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: { ...labels, ...selector } },
          spec: { ...controlPlane(settings, node), containers: [container], volumes: [data.volume] },
        },
      },
    },
  ];
}

function vswitch(settings: ContivSettings, place: Place): KubernetesObject {
  const { vpp, cni, pullPolicy } = settings;
  const { images, hugepages } = vpp as Vpp;
  const paths = pathsOf(cni);
  const { plugins, configurations, conflist, programs, ...own } = paths;
  const inHost = { ...programs.mount, mountPath: "/host/usr/local/bin" };
  const init: Container[] = [
    {
      name: "contiv-cni",
      image: images.cni,
      imagePullPolicy: pullPolicy,
      env: values({ SLEEP: "false" }),
      volumeMounts: [plugins, configurations, conflist, own.sockets].map(({ mount }) => mount),
    },
    {
      name: "vpp-init",
      image: images.vswitch,
      imagePullPolicy: pullPolicy,
      // What a switch that was killed left behind would be taken for a running one's.
      command: [
        "/bin/sh",
        "-euc",
        "chmod 700 /run/vpp; rm -rf /dev/shm/db /dev/shm/global_vm /dev/shm/vpe-api; rm -f /var/run/contiv/cni.sock; ip link delete vpp1 2>/dev/null || true; cp -f /usr/local/bin/vppctl /host/usr/local/bin/vppctl",
      ],
      securityContext: { privileged: true },
      volumeMounts: [inHost, own.sockets.mount, own.run.mount, own.devices.mount],
    },
  ];
  const probe = (path: string, initialDelaySeconds: number) => ({
    httpGet: { host: "127.0.0.1", path, port: ports.rest },
    periodSeconds: 3,
    timeoutSeconds: 2,
    failureThreshold: 3,
    initialDelaySeconds,
  });
  const memory = { "hugepages-2Mi": `${hugepages * 2}Mi`, memory: "512Mi" };
  return hostDaemonSet({
    metadata: { ...place, name: "contiv-vswitch" },
    selector: { "k8s-app": "contiv-vswitch" },
    annotations: { "podnet.dev/configuration": sha256(JSON.stringify(agentFiles(settings))).slice(0, 16) },
    serviceAccount: "contiv-vswitch",
    initContainers: init,
    containers: [
      {
        name: "contiv-vswitch",
        image: images.vswitch,
        imagePullPolicy: pullPolicy,
        securityContext: { privileged: true },
        resources: { requests: { ...memory, cpu: "250m" }, limits: memory },
        readinessProbe: probe("/readiness", 15),
        livenessProbe: probe("/liveness", 60),
        env: [
          fieldRef("MICROSERVICE_LABEL", "spec.nodeName"),
          ...values({
            ETCD_CONFIG: "/etc/etcd/etcd.conf",
            BOLT_CONFIG: "/etc/agent/bolt.conf",
            TELEMETRY_CONFIG: "/etc/agent/telemetry.conf",
          }),
        ],
        volumeMounts: Object.values(own).map(({ mount }) => mount),
      },
    ],
    volumes: Object.values(paths).map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    pod: { hostPID: true, ...pulled(settings) },
  });
}

function pathsOf({ binaries, directory }: ContivSettings["cni"]) {
  return {
    plugins: hostPath("cni-plugins", binaries, "DirectoryOrCreate", { mountPath: "/opt/cni/bin" }),
    configurations: hostPath("cni-configurations", directory, "DirectoryOrCreate", { mountPath: "/etc/cni/net.d" }),
    conflist: configMapVolume("cni-configuration", "contiv-cni-cfg", "/cni/cfg"),
    programs: hostPath("programs", "/usr/local/bin", "DirectoryOrCreate"),
    etcd: configMapVolume("etcd", "contiv-etcd-cfg", "/etc/etcd"),
    agent: configMapVolume("agent", "contiv-agent-cfg", "/etc/agent"),
    govpp: configMapVolume("govpp", "vpp-agent-cfg", "/etc/govpp"),
    startup: hostPath("startup", "/etc/vpp", "DirectoryOrCreate"),
    devices: hostPath("devices", "/dev", "Directory"),
    run: hostPath("run", "/run/vpp", "DirectoryOrCreate"),
    sockets: hostPath("sockets", "/var/run/contiv", "DirectoryOrCreate"),
    dumps: hostPath("dumps", "/var/contiv/dumps", "DirectoryOrCreate"),
    bolt: hostPath("bolt", "/var/bolt", "DirectoryOrCreate"),
  };
}

/** contiv-ksr and contiv-crd, one on each node of the control plane; they agree on one by etcd. */
function watcher(
  settings: ContivSettings,
  place: Place,
  name: "contiv-ksr" | "contiv-crd",
  port: number,
): KubernetesObject {
  const { images } = settings.vpp as Vpp;
  const volumes: MountedVolume[] = [
    configMapVolume("etcd", name === "contiv-ksr" ? "contiv-etcd-withcompact-cfg" : "contiv-etcd-cfg", "/etc/etcd"),
    configMapVolume("http", `${name}-http-cfg`, "/etc/http"),
  ];
  const probe = (path: string, initialDelaySeconds: number) => ({
    httpGet: { host: "127.0.0.1", path, port },
    periodSeconds: 3,
    initialDelaySeconds,
  });
  const { affinity } = controlPlane(settings);
  return hostDaemonSet({
    metadata: { ...place, name },
    selector: { "k8s-app": name },
    serviceAccount: name,
    containers: [
      {
        name,
        image: name === "contiv-ksr" ? images.ksr : images.crd,
        imagePullPolicy: settings.pullPolicy,
        env: [
          ...values({ ETCD_CONFIG: "/etc/etcd/etcd.conf", HTTP_CONFIG: "/etc/http/http.conf" }),
          ...(name === "contiv-crd" ? [fieldRef("HOST_IP", "status.hostIP")] : []),
        ],
        readinessProbe: probe("/readiness", 10),
        livenessProbe: probe("/liveness", 30),
        volumeMounts: volumes.map(({ mount }) => mount),
      },
    ],
    volumes: volumes.map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    pod: { affinity, ...pulled(settings) },
  });
}
