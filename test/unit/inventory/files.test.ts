import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Inventory } from "../../../components/inventory";
import { expandHosts, words } from "../../../components/inventory/ansible-text";

const folder = mkdtempSync(join(tmpdir(), "podnet-inventory-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file in a folder of its own. */
function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(folder, "case-")), name);
  writeFileSync(path, text);
  return path;
}

const ini = `
jump ansible_host=192.0.2.1

[kube_node]
node[01:03] ansible_port=2222   ; a comment of old
node07 ansible_host=10.0.0.7 ansible_user="deploy" # the odd one

[rack_b]
node07

[kube_node:vars]
ansible_user=root
ansible_ssh_private_key_file=~/.ssh/rack
ansible_ssh_common_args=-o ProxyJump=ops@192.0.2.1:2200 -o StrictHostKeyChecking=no

[cluster:children]
kube_node

[cluster:vars]
ansible_user=admin
ansible_become=yes
`.replace("   ; a comment of old", "   # a comment");

const yaml = `
all:
  vars: { ansible_user: admin }
  children:
    kube_node:
      hosts:
        node[01:02]:
          ansible_ssh_common_args: '-o ProxyCommand="ssh -W %h:%p -q ops@192.0.2.1"'
      vars:
        podnet_addresses: [10.0.0.1]
    etcd:
      hosts:
        etcd1: { ansible_host: 10.0.1.1, ip: 10.0.1.1, ip6: "fd00::1", podnet_nic: eno1, podnet_mtu: 9000 }
`;

describe("Ansible", () => {
  test("INI: ranges, groups in groups, nearest variable, own variable last, bastion", () => {
    const path = file("hosts", ini.replaceAll("node[01:03]", "10.0.0.[1:3]"));
    const inventory = Inventory.fromAnsible(path, { group: "cluster" });
    expect(inventory.nodes.map(({ name, addresses }) => [name, ...addresses])).toEqual([
      ["10.0.0.1", "10.0.0.1"],
      ["10.0.0.2", "10.0.0.2"],
      ["10.0.0.3", "10.0.0.3"],
      ["node07", "10.0.0.7"],
    ]);
    expect(inventory.nodes[0]?.connection).toMatchObject({
      port: 2222,
      user: "root",
      become: true,
      key: { file: "~/.ssh/rack" },
      jump: { host: "192.0.2.1", port: 2200, user: "ops" },
    });
    expect(inventory.nodes[3]?.connection).toMatchObject({ host: "10.0.0.7", port: 22, user: "deploy" });
    expect(inventory.warnings).toContain(
      'ssh argument "-oStrictHostKeyChecking=no" of the Ansible inventory is not used',
    );
  });

  test("YAML: all, children, ProxyCommand, and what podnet adds", () => {
    const inventory = Inventory.fromAnsible(file("hosts.yaml", yaml), { group: "etcd" });
    expect(inventory.nodes).toMatchObject([
      { name: "etcd1", addresses: ["10.0.1.1", "fd00::1"], nic: "eno1", mtu: 9000, connection: { user: "admin" } },
    ]);
    expect(() => Inventory.fromAnsible(file("hosts.yaml", yaml))).toThrow(
      "node02 has the address 10.0.0.1, which node01 has too",
    );
  });

  test("a password for sudo is not used, and that is said without it; another way to become root is refused", () => {
    const path = file("hosts.ini", "node1 ansible_host=10.0.0.1 ansible_become=yes ansible_become_password=hunter2\n");
    expect(Inventory.fromAnsible(path).warnings).toEqual([
      "ansible_become_password of the Ansible inventory is not used: podnet runs sudo -n, which needs NOPASSWD in sudoers",
    ]);
    const other = file("hosts.ini", "node1 ansible_host=10.0.0.1 ansible_become=yes ansible_become_method=su\n");
    expect(() => Inventory.fromAnsible(other)).toThrow("node1 becomes root by su, and podnet knows sudo");
  });

  test("variables in folders beside it are not read, and that is said", () => {
    const path = file("hosts.ini", "[all]\nnode1 ansible_host=10.0.0.1\n");
    mkdirSync(join(path, "../host_vars"));
    expect(Inventory.fromAnsible(path).warnings).toEqual([expect.stringContaining("host_vars beside")]);
  });

  test("segments come from the program", () => {
    const segments = { a: { subnets: ["10.0.0.0/24"], routers: ["10.0.0.254"] } };
    const path = file("hosts.ini", "node1 ansible_host=10.0.0.1\n");
    expect(Inventory.fromAnsible(path, { segments }).nodes[0]?.segment).toBe("a");
  });

  test("every problem at once: template, password, chain of bastions, no address, unknown group", () => {
    const path = file(
      "hosts.ini",
      [
        "node1 ansible_host={{address}} ansible_ssh_pass=hunter2",
        "node2 ansible_host=10.0.0.2 ansible_ssh_common_args='-J a,b'",
        "node3 ansible_port",
      ].join("\n"),
    );
    let message = "";
    try {
      Inventory.fromAnsible(path);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("ansible_host of node1 is a Jinja template");
    expect(message).toContain("node1 logs in by password");
    expect(message).not.toContain("hunter2");
    expect(message).toContain("a chain of bastions is not supported");
    expect(message).toContain("is written name=value");
    expect(message).toContain('node3 has no address, and its host "node3" is a name');
    expect(() => Inventory.fromAnsible(path, { group: "kube_nodes" })).toThrow('the group "kube_nodes" has no host');
  });

  test.each([
    ["node[01:03]", ["node01", "node02", "node03"]],
    [
      "r[a:b]-[1:5:2].example",
      ["ra-1.example", "ra-3.example", "ra-5.example", "rb-1.example", "rb-3.example", "rb-5.example"],
    ],
    ["plain", ["plain"]],
    ["node[3:1]", []],
  ])("the pattern %s", (pattern, hosts) => {
    expect(expandHosts(pattern)).toEqual(hosts);
  });

  test("words are split as a shell does", () => {
    expect(words(`a="b c" d='e "f"' g # h`)).toEqual(["a=b c", 'd=e "f"', "g"]);
  });
});

test("ssh_config: what a host has by itself and by patterns, a bastion with its own settings", () => {
  const path = file(
    "config",
    `Host node1
  HostName 10.0.0.1
  User admin
Host bastion
  HostName 192.0.2.1
  Port 2200
  IdentityFile ~/.ssh/bastion
Host node*
  ProxyJump ops@bastion
  IdentityFile ~/.ssh/rack
  UserKnownHostsFile ~/.ssh/rack_hosts /dev/null
`,
  );
  const inventory = Inventory.fromSshConfig(path, ["node1", { name: "node2", addresses: ["10.0.0.2"] }]);
  expect(inventory.nodes).toMatchObject([
    {
      name: "node1",
      addresses: ["10.0.0.1"],
      connection: {
        host: "10.0.0.1",
        user: "admin",
        key: { file: "~/.ssh/rack" },
        hostKey: { knownHosts: "~/.ssh/rack_hosts" },
        jump: { host: "192.0.2.1", port: 2200, user: "ops", key: { file: "~/.ssh/bastion" } },
      },
    },
    { name: "node2", addresses: ["10.0.0.2"], connection: { host: "node2", jump: { host: "192.0.2.1" } } },
  ]);
});

test("ssh_config: a command in place of a bastion is not used, and that is said", () => {
  const hosts = "Host node1\n  ProxyCommand ssh -W %h:%p bastion\nHost node2\n  ProxyCommand none\n";
  const nodes = ["node1", "node2"].map((name, index) => ({ name, addresses: [`10.0.0.${index + 1}`] }));
  expect(Inventory.fromSshConfig(file("config", hosts), nodes).warnings).toEqual([
    "ProxyCommand of node1 in ssh_config is not used; a bastion is written ProxyJump [user@]host[:port]",
  ]);
});

describe("a file tells by its content what it is", () => {
  test.each([
    ["nodes.yaml", "nodes:\n  node1:\n    connection: { host: 10.0.0.1 }\n"],
    ["nodes.json", '{"nodes": {"node1": {"connection": {"host": "10.0.0.1"}}}}'],
    ["hosts.yml", "all:\n  hosts:\n    node1: { ansible_host: 10.0.0.1 }\n"],
    ["hosts", "[all]\nnode1 ansible_host=10.0.0.1\n"],
    ["inventory", "node1 ansible_host=10.0.0.1\n"],
  ])("%s", (name, text) => {
    expect(Inventory.fromFile(file(name, text)).nodes).toMatchObject([{ name: "node1", addresses: ["10.0.0.1"] }]);
  });

  test("a node listed twice is named", () => {
    const text = "nodes:\n  node1: {connection: {host: 10.0.0.1}}\n  node1: {connection: {host: 10.0.0.2}}\n";
    expect(() => Inventory.fromFile(file("nodes.yaml", text))).toThrow("Map keys must be unique");
  });

  test("a path that leads nowhere is an error of its own, without a stack for the user", () => {
    expect(() => Inventory.fromFile("/nowhere/rack1.yaml")).toThrow(/^\/nowhere\/rack1\.yaml: 1 problem/);
  });
});
