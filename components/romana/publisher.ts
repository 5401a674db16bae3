import { configMap, type KubernetesObject } from "../kubernetes/object";
import { configMapVolume, fieldRef } from "../kubernetes/pod";
import { hostDaemonSet } from "../kubernetes/workload";
import { lines } from "../network-nodes/host-files";
import { sha256 } from "../node/kinds/file";
import { etcdEndpoints, type ProgramSettings, type RomanaSettings } from "./complete";
import { appLabel, environment } from "./deployment";
import { names } from "./names";

type Bgp = Extract<RomanaSettings["routing"], { type: "bgp" }>;

/** Where BIRD's start puts its configuration, and the publisher what it makes of its template. */
const runFolder = "/var/run/romana";
const configurationFolder = "/var/tmp/romana/publisher-config";

/** On each node: the publisher writes which blocks the node has, and BIRD tells the routers. */
export function publisher(bgp: Bgp, own: ProgramSettings, labels: Record<string, string>): KubernetesObject[] {
  const data = { "bird.conf": birdConfiguration(bgp), "publisher.conf": template };
  const metadata = { name: names.publisherConfiguration, namespace: names.namespace, labels };
  const configuration = configMapVolume("configuration", names.publisherConfiguration, configurationFolder);
  const run = { name: "run-path", mountPath: runFolder };
  const common = { imagePullPolicy: own.pullPolicy, securityContext: { privileged: true } };
  return [
    configMap(metadata, data),
    hostDaemonSet({
      metadata: { name: names.publisher, namespace: names.namespace, labels },
      selector: appLabel(names.publisher),
      // Both read it at their start only.
      annotations: { "podnet.dev/configuration": sha256(JSON.stringify(data)).slice(0, 16) },
      serviceAccount: names.agent,
      maxUnavailable: own.maxUnavailable,
      containers: [
        {
          ...common,
          name: "publisher",
          image: own.images.routePublisher,
          args: [`--asn=${bgp.asn}`, `--etcd-endpoints=${etcdEndpoints(own)}`],
          env: [fieldRef("NODENAME", "spec.nodeName"), ...environment(own)],
          volumeMounts: [run],
        },
        {
          ...common,
          name: "bird",
          image: own.images.bird,
          args: [
            `--config-dir=${configurationFolder}`,
            "--bird-config=bird.conf",
            "--publisher-template=publisher.conf",
          ],
          env: [fieldRef("NODEIP", "status.hostIP")],
          volumeMounts: [configuration.mount, run],
        },
      ],
      volumes: [configuration.volume, { name: "run-path", emptyDir: {} }],
      pod: {
        // The publisher tells BIRD by a signal.
        hostPID: true,
        securityContext: { seLinuxOptions: { type: "spc_t" } },
        ...(own.pullSecrets.length > 0 && { imagePullSecrets: own.pullSecrets.map((name) => ({ name })) }),
      },
    }),
  ];
}

/** The node's blocks are told, and nothing is learned: routers know the others. */
function birdConfiguration({ asn, neighbors }: Bgp): string {
  return lines([
    "log stderr all;",
    "protocol device { scan time 10; }",
    `include "${runFolder}/bird/conf.d/*.conf";`,
    ...neighbors.flatMap(({ address, asn: theirs }, place) => [
      `protocol bgp neighbor_${place + 1} {`,
      `  local as ${asn};`,
      `  neighbor ${address} as ${theirs};`,
      "  import none;",
      '  export where proto = "romana_blocks";',
      "}",
    ]),
  ]);
}

/** The publisher fills in the node's blocks (Go's text templates). Such a route is there to be told, and not for the kernel. */
const template = lines(["protocol static romana_blocks {", "{{range .Networks}}  route {{.}} reject;", "{{end}}}"]);
