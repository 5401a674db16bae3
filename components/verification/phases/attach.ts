import { wrap } from "../../node/facts-script";
import { quote } from "../../node/quote";
import { type Plugin, parseFailure, parseResult } from "../conflist";
import type { Family, VerificationSettings } from "../settings";
import { asCalico, attachesKnownPodsOnly } from "./calico";
import { preamble, probeNames, probesDirectory, write } from "./shell";

const failed = "failed: ";

/** Counts nothing and drops nothing: remembers who sent echo requests to the probe pod. */
const witnesses = `table inet podnet_probe {
  set v4 { type ipv4_addr; flags dynamic; size 65535; }
  set v6 { type ipv6_addr; flags dynamic; size 65535; }
  chain input {
    type filter hook input priority -300; policy accept;
    icmp type echo-request add @v4 { ip saddr }
    icmpv6 type echo-request add @v6 { ip6 saddr }
  }
}`;

/**
 * Second phase: makes the probe pod, a network namespace attached by the node's own CNI plugins.
 *
 * What removes it again is written first, and a guard on the node runs that after `guardSeconds` even when nobody
 * comes back: a run that is killed leaves nothing.
 */
export function attachScript(
  settings: VerificationSettings,
  plugins: Plugin[],
  token: string,
  guardSeconds: number,
): string {
  const { name, directory } = probeNames(token);
  const lines = [
    preamble,
    // Only our folder is private: what the plugins make must have the modes that it has under kubelet.
    `(umask 077; mkdir -p ${directory}) && cd ${directory} || exit 1\n`,
    `cat /proc/sys/kernel/random/boot_id > boot; echo $(($(now) + ${guardSeconds})) > deadline\n`,
    // Whoever removes the probe pod waits for this: the plugins must not be at work on both at once.
    "echo $$ > attaching\n",
    // The answer of the plugin before goes in at the end, so all but the closing brace is written here.
    ...plugins.map((plugin, index) => write(`${index}.head`, JSON.stringify(plugin.config).slice(0, -1))),
    write("remove", removeScript(settings, plugins, token)),
    write("guard", `echo $$ > ${directory}/guard.pid\nsleep ${guardSeconds}\nexec sh ${directory}/remove`),
    "setsid sh ./guard < /dev/null > /dev/null 2>&1 &\n",
    // A plugin's error is no answer to hand on to the plugins that remove.
    `give_up() { echo "${failed}$1"; [ -z "$2" ] || rm -f "$2"; rm -f attaching; sh ./remove > /dev/null; exit 1; }\n`,
    `ip netns add ${name} 2> error || give_up "$(cat error)"\n`,
    `ip -n ${name} link set lo up\n`,
    environment(settings, token, "ADD"),
    ...inPlaceOfPlugins(plugins, token),
    ...plugins.map((plugin, index) => {
      const program = attachesKnownPodsOnly(plugin) ? "calico_add" : binary(settings, plugin);
      return `{ ${configuration(index, index - 1)}; } | ${program} > ${index}.result 2> error || give_up "CNI plugin ${plugin.type}: $(cat ${index}.result error)" ${index}.result\n`;
    }),
    `ip netns exec ${name} nft -f - 2> error <<'END' || give_up "$(cat error)"\n${witnesses}\nEND\n`,
    `rm -f attaching; cat ${plugins.length - 1}.result\n`,
  ];
  return wrap([lines.join("")]);
}

const binary = (settings: VerificationSettings, { type }: Plugin) => quote(`${settings.cni.binaryDirectory}/${type}`);

/** Shell functions that stand for plugins which would not attach a probe pod. */
function inPlaceOfPlugins(plugins: Plugin[], token: string): string[] {
  const { name, link } = probeNames(token);
  return plugins.filter(attachesKnownPodsOnly).map((plugin) => asCalico(plugin, { name, link }));
}

/** A plugin's whole configuration on stdout, with the answer of plugin number `previous` when there is one. */
function configuration(index: number, previous: number): string {
  const prior =
    previous < 0 ? "" : `; [ -s ${previous}.result ] && { printf ',"prevResult":'; cat ${previous}.result; }`;
  return `cat ${index}.head${prior}; echo '}'`;
}

function environment(settings: VerificationSettings, token: string, command: "ADD" | "DEL"): string {
  const { name, namespace } = probeNames(token);
  return [
    `export CNI_COMMAND=${command} CNI_CONTAINERID=${name} CNI_IFNAME=eth0 CNI_NETNS=${namespace}`,
    `CNI_PATH=${quote(settings.cni.binaryDirectory)}\n`,
  ].join(" ");
}

/** Takes the probe pod away, whoever runs it: the last phase, the guard, or a later run. */
function removeScript(settings: VerificationSettings, plugins: Plugin[], token: string): string {
  const { name, directory, namespace } = probeNames(token);
  const last = plugins.length - 1;
  const deletions = plugins.map((plugin, index) => {
    const program = attachesKnownPodsOnly(plugin) ? "calico_del" : binary(settings, plugin);
    // Some plugins tell of their work on stderr when all goes well too.
    return `said=$({ ${configuration(index, last)}; } | ${program} 2>&1) || echo "$said (CNI plugin ${plugin.type}, DEL)"`;
  });
  return [
    preamble,
    `cd ${directory} || exit 1\n`,
    `turn=0; while kill -0 "$(cat attaching 2> /dev/null)" 2> /dev/null && [ $turn -lt 150 ]; do sleep 0.2; turn=$((turn + 1)); done\n`,
    environment(settings, token, "DEL"),
    ...inPlaceOfPlugins(plugins, token),
    `[ -e ${namespace} ] || CNI_NETNS=\n`,
    `${deletions.reverse().join("\n")}\n`,
    `[ ! -e ${namespace} ] || ip netns delete ${name}\n`,
    `guard=$(cat guard.pid 2> /dev/null)\n`,
    `cd / && rm -rf ${directory} && rmdir ${probesDirectory} /var/lib/podnet 2> /dev/null\n`,
    // By process group, which is the guard with its sleep; the command line tells it from a later owner of the number.
    `if [ -n "$guard" ] && [ "$guard" != $$ ] && grep -qs guard "/proc/$guard/cmdline"; then kill -- "-$guard"; fi\n:`,
  ].join("");
}

/** Whether a plugin refused, and the probe pod is gone again. */
export function pluginFailed({ stdout }: { stdout: string }): boolean {
  return stdout.includes(`${failed}CNI plugin`);
}

/** The probe pod's addresses; throws what went wrong on the node. */
export function parseAttach(
  result: { code: number; stdout: string; stderr: string },
  families: Family[],
): Partial<Record<Family, string>> {
  const at = result.stdout.indexOf(failed);
  if (at >= 0) throw new Error(readable(result.stdout.slice(at + failed.length)));
  if (result.code !== 0) throw new Error(`the probe pod could not be made: ${parseFailure(result.stderr)}`);
  const addresses = parseResult(result.stdout);
  const lacking = families.filter((family) => !addresses[family]);
  if (lacking.length > 0) {
    const names = lacking.map((family) => (family === "ipv4" ? "IPv4" : "IPv6")).join(" and no ");
    throw new Error(`the probe pod was given no ${names} address; the CNI configuration's ipam has no range for it`);
  }
  return addresses;
}

/** "CNI plugin bridge: {json}" with the JSON error in words. */
function readable(text: string): string {
  const parts = /^(CNI plugin [\w.-]+): ([\s\S]*)$/.exec(text.trim());
  return parts ? `${parts[1]}: ${parseFailure(parts[2] as string)}` : parseFailure(text);
}
