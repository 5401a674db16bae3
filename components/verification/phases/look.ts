import { wrap } from "../../node/facts-script";
import { quote } from "../../node/quote";
import type { VerificationSettings } from "../settings";
import { preamble, probesDirectory } from "./shell";

const missingTool = "missing: ";
const configMark = "config:";

/**
 * First phase: what the node has, and its CNI configuration, which the network may yet have to write. Removes what a run
 * left that died before its guard could (a reboot); runs that are still going on are left alone.
 */
export function lookScript(settings: VerificationSettings): string {
  const file = quote(settings.cni.configFile);
  return wrap([
    `${preamble}
for tool in ip nft ping setsid; do command -v "$tool" > /dev/null || echo "${missingTool}$tool"; done
boot=$(cat /proc/sys/kernel/random/boot_id)
for left in ${probesDirectory}/*/; do
  [ -f "$left/remove" ] || continue
  [ "$(cat "$left/boot" 2> /dev/null)" = "$boot" ] && [ "$(cat "$left/deadline" 2> /dev/null || echo 0)" -gt "$(now)" ] && continue
  sh "$left/remove" > /dev/null 2>&1
done
settled=$(($(now) + ${settings.settleSeconds}))
until [ -e ${file} ] || [ "$(now)" -ge $settled ]; do sleep 1; done
echo ${configMark}
cat ${file}`,
  ]);
}

/** The CNI configuration as the node has it. */
export function parseLook(
  result: { code: number; stdout: string; stderr: string },
  settings: VerificationSettings,
): string {
  const at = result.stdout.indexOf(`${configMark}\n`);
  const lines = result.stdout.slice(0, Math.max(at, 0)).split("\n");
  const missing = lines.filter((line) => line.startsWith(missingTool)).map((line) => line.slice(missingTool.length));
  if (missing.length > 0) {
    throw new Error(`${missing.join(", ")} not found on the node; install ${packagesOf(missing)}`);
  }
  if (at < 0 || result.code !== 0) {
    throw new Error(
      `cannot read the CNI configuration ${settings.cni.configFile}: ${result.stderr.trim() || "no message"}`,
    );
  }
  return result.stdout.slice(at + configMark.length + 1);
}

const packages: Record<string, string> = {
  ip: "iproute2",
  nft: "nftables",
  ping: "iputils-ping",
  setsid: "util-linux",
};

function packagesOf(tools: string[]): string {
  return tools.map((tool) => packages[tool] ?? tool).join(" ");
}
