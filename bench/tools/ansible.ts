import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Lab } from "../../lab";
import { measure } from "../measure";
import { bridge, bridgeAddress, filesOf, nic, type PlacedNode, protocol } from "../network";
import { peers } from "./python";

/** Beyond this many a controller of this size only swaps. */
const mostForks = 100;

/**
 * A playbook as a careful user writes it: no facts, pipelining, as many forks as nodes, and one process for all routes.
 * Answers a function that runs it, and how long that took in seconds.
 */
export async function ansible(lab: Lab, nodes: readonly PlacedNode[], folder: string): Promise<() => Promise<number>> {
  const programs = await peers();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "ansible.cfg"), settings(lab, nodes.length, folder));
  writeFileSync(join(folder, "inventory.yaml"), stringify(inventory(nodes)));
  writeFileSync(join(folder, "playbook.yaml"), stringify(playbook));
  return async () => {
    const words = ["-i", "inventory.yaml", "playbook.yaml"];
    const run = await measure(join(programs, "ansible-playbook"), words, {
      cwd: folder,
      environment: { PATH: `${programs}:${process.env.PATH}`, ANSIBLE_CONFIG: join(folder, "ansible.cfg") },
    });
    return run.seconds;
  };
}

const settings = (lab: Lab, count: number, folder: string) => `[defaults]
forks = ${Math.min(count, mostForks)}
remote_user = root
private_key_file = ${lab.privateKeyFile}
local_tmp = ${folder}/tmp
[ssh_connection]
pipelining = True
control_path_dir = ${folder}/cp
ssh_args = -o ControlMaster=auto -o ControlPersist=20s -o UserKnownHostsFile=${lab.knownHostsFile} -o StrictHostKeyChecking=yes
`;

function inventory(nodes: readonly PlacedNode[]) {
  const hosts = nodes.map((node) => [
    node.name,
    {
      ansible_host: node.address,
      ansible_python_interpreter: "/usr/bin/python3",
      subnet: node.subnet,
      bridge_address: bridgeAddress(node),
      files: filesOf(node),
    },
  ]);
  return { all: { hosts: Object.fromEntries(hosts) } };
}

const routes = [
  "{% for name in groups.all if name != inventory_hostname %}",
  `route replace {{ hostvars[name].subnet }} via {{ hostvars[name].ansible_host }} dev ${nic} proto ${protocol}`,
  "{% endfor %}",
].join("\n");

const playbook = [
  {
    hosts: "all",
    gather_facts: false,
    tasks: [
      {
        name: "Files",
        "ansible.builtin.copy": { dest: "{{ item.path }}", content: "{{ item.content }}", mode: "0644" },
        loop: "{{ files }}",
        loop_control: { label: "{{ item.path }}" },
      },
      {
        name: "Live sysctls",
        "ansible.builtin.command": { cmd: "sysctl -p /etc/sysctl.d/90-podnet-bench.conf" },
        changed_when: false,
      },
      {
        name: "Bridge",
        "ansible.builtin.command": {
          cmd: `ip link add name ${bridge} type bridge stp_state 0 forward_delay 0`,
          creates: `/sys/class/net/${bridge}`,
        },
      },
      {
        name: "Address and routes",
        "ansible.builtin.command": {
          cmd: "ip -batch -",
          stdin: `link set dev ${bridge} up\naddress replace {{ bridge_address }} dev ${bridge}\n${routes}`,
        },
        changed_when: false,
      },
    ],
  },
];
