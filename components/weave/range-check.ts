import { Cidr } from "../addresses/cidr";
import { checkUnit } from "../network-nodes/check-unit";
import { lines } from "../network-nodes/host-files";

/**
 * A unit that fails where a route of the node leads into podCidr by another way than Weave's bridge: packets to pods
 * would leave by it. weaver ends at its start there, again and again, after the cluster has been told to take it.
 */
export function rangeCheck(network: string, podCidr: string) {
  return checkUnit({
    fileName: `${network}-range.sh`,
    name: `podnet-${network}-range-is-free`,
    description: `Whether no route of this node leads into ${podCidr}, as ${network} needs it`,
    script: script(podCidr, Cidr.parse(podCidr)),
  });
}

function script(podCidr: string, range: Cidr): string {
  return lines([
    "# podnet: fails where a route of this node, but for those of Weave's own bridge, leads into the pods' addresses.",
    'export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"',
    `ip -4 route show table all | awk -v first=${range.base} -v last=${range.last.value} '`,
    '  function number(text, part) { split(text, part, "."); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }',
    "  / dev weave( |$)/ { next }",
    "  { to = $1 ~ /^[a-z]+$/ ? $2 : $1 }",
    "  to !~ /^[0-9.]+(\\/[0-9]+)?$/ { next }",
    "  {",
    '    prefix = split(to, part, "/") > 1 ? part[2] : 32',
    "    from = number(part[1])",
    `    if (from <= last && from + 2 ^ (32 - prefix) > first) { print "a route leads into ${podCidr}: " $0; found = 1 }`,
    "  }",
    "  END { exit found }",
    "' >&2",
  ]);
}
