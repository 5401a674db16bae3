import type { AddressPair } from "../address";

interface Unit {
  name: string;
  text: string;
}

const pauseImage = "registry.k8s.io/pause:3.10.2";

export const containerdConfig = `version = 2
oom_score = 0
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Root of this machine may not be the root that lowers a score.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/cni/bin"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`;

/** Its containers outlive the program that starts them, and have groups below its own. */
const keepsContainers = "KillMode=process\nDelegate=yes\nRestart=always\nRestartSec=1";

export function units(node: string, own: AddressPair): Unit[] {
  const kubelet = [
    "/usr/local/bin/kubelet",
    "--config=/etc/kubernetes/kubelet.yaml",
    "--kubeconfig=/etc/kubernetes/kubelet.kubeconfig",
    `--hostname-override=${node}`,
    `--node-ip=${own.ipv4},${own.ipv6}`,
  ];
  return [
    {
      name: "kubernetes-mounts.service",
      text: oneshot("Mounts as containers need them", "/bin/sh /etc/kubernetes/mounts.sh"),
    },
    {
      name: "containerd.service",
      text: unit(
        "containerd",
        ["kubernetes-mounts.service"],
        `Type=notify\nExecStart=/usr/bin/containerd\n${keepsContainers}`,
      ),
    },
    {
      name: "lab-images.service",
      text: oneshot("The lab's container images", "/bin/sh /etc/kubernetes/images.sh", ["containerd.service"]),
    },
    {
      name: "kubelet.service",
      text: unit(
        "kubelet",
        ["containerd.service", "lab-images.service"],
        `ExecStart=${kubelet.join(" ")}\n${keepsContainers}`,
      ),
    },
    {
      name: "kube-proxy.service",
      text: unit(
        "kube-proxy",
        ["kubernetes-mounts.service"],
        "ExecStart=/usr/local/bin/kube-proxy --config=/etc/kubernetes/proxy.yaml\nRestart=always\nRestartSec=1",
      ),
    },
    { name: "multi-user.target.d/kubernetes.conf", text: "[Unit]\nWants=kubelet.service kube-proxy.service\n" },
  ];
}

function unit(description: string, before: string[], service: string): string {
  const first = before.join(" ");
  return `[Unit]
Description=${description}
Wants=${first}
After=${first} networking.service systemd-sysctl.service
StartLimitIntervalSec=0

[Service]
${service}
`;
}

function oneshot(description: string, command: string, before: string[] = []): string {
  const order = before.length > 0 ? `Requires=${before.join(" ")}\nAfter=${before.join(" ")}\n` : "";
  return `[Unit]
Description=${description}
${order}
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${command}
`;
}
