import { readInventories } from "../../commands/inventory";
import { type VerificationSettings, verificationSettings } from "../../components/verification/settings";
import type { Lab } from "../../lab";

export const names = ["node1", "node2", "node3"];
export const conflist = "/etc/cni/net.d/10-podnet-pods.conflist";

/** A routed dual-stack network made by hand: what is proven here is the proof itself. */
export async function makeNetwork(lab: Lab): Promise<void> {
  const subnets = (index: number) => [`10.244.${index + 1}`, `fd98:244:${index + 1}:`] as const;
  for (const [index, node] of lab.nodes.entries()) {
    const [ipv4, ipv6] = subnets(index);
    const list = {
      cniVersion: "1.0.0",
      name: "pods",
      plugins: [
        {
          type: "bridge",
          bridge: "podnet0",
          isGateway: true,
          hairpinMode: true,
          mtu: 1500,
          ipam: {
            type: "host-local",
            ranges: [[{ subnet: `${ipv4}.0/24` }], [{ subnet: `${ipv6}:/64` }]],
            routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
          },
        },
        { type: "portmap", capabilities: { portMappings: true } },
      ],
    };
    const routes = lab.nodes.flatMap((peer, other) =>
      other === index
        ? []
        : [
            `ip route replace ${subnets(other)[0]}.0/24 via ${peer.addresses.ipv4}`,
            `ip route replace ${subnets(other)[1]}:/64 via ${peer.addresses.ipv6}`,
          ],
    );
    await must(
      lab,
      node.name,
      `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip link add podnet0 type bridge && ip link set podnet0 up || exit 1
ip address add ${ipv4}.1/24 dev podnet0 && ip address add ${ipv6}:1/64 dev podnet0 nodad || exit 1
${routes.join(" && ")} || exit 1
mkdir -p /etc/cni/net.d && cat > ${conflist} <<'END'\n${JSON.stringify(list)}\nEND`,
    );
  }
}

export async function must(lab: Lab, node: string, script: string, timeoutSeconds?: number): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(node, script, timeoutSeconds);
  if (code !== 0) throw new Error(`${node}: ${stderr || stdout}`);
  return stdout;
}

export function settingsOf(lab: Lab): VerificationSettings {
  return verificationSettings.parse({
    network: "pods",
    nodes: readInventories([lab.inventoryFile]).map(({ name, connection, addresses }) => ({
      name,
      connection,
      addresses,
    })),
    cni: { configFile: conflist },
    families: ["ipv4", "ipv6"],
    mtu: 1500,
  });
}

/** Processes that probes left, and network namespaces. */
export const left = (lab: Lab, node: string) =>
  must(
    lab,
    node,
    `for process in /proc/[0-9]*; do
  [ "$process/ns/net" -ef /proc/self/ns/net ] || continue
  case $(readlink "$process/cwd") in *podnet*) echo "$process is in $(readlink "$process/cwd")" ;; esac
done
ip netns list`,
  );

/** Everything podnet could have left, but for the number that host-local counts on from. */
export async function traces(lab: Lab, node: string): Promise<string> {
  // The kernel notices up to a second late that a bridge has lost its last port.
  const settled = '[ "$(cat /sys/class/net/podnet0/operstate)" = down ]';
  await must(lab, node, `turn=0; until ${settled} || [ $turn -gt 200 ]; do sleep 0.2; turn=$((turn + 1)); done`);
  const processes = await left(lab, node);
  const everything = await lab.snapshot(node);
  return `${everything.replaceAll(/^.*last_reserved_ip.*\n/gm, "")}${processes}`;
}
