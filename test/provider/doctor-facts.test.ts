import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type DoctorFacts, parseFacts } from "../../commands/doctor/facts";
import { factsScript } from "../../commands/doctor/facts-script";
import { filterFindings } from "../../commands/doctor/filters";

/** What podnet doctor reads in a network namespace of its own, once `prepare` was done there. */
function read(prepare: string): DoctorFacts {
  const inside = `set -e\nip link set lo up\n${prepare}\nset +e\n${factsScript("/opt/cni/bin")}`;
  const { status, stdout, stderr } = spawnSync("unshare", ["--net", "sh", "-s"], { input: inside, encoding: "utf8" });
  const facts = parseFacts(stdout);
  if (status !== 0 || !facts) throw new Error(`the script ended with ${status}: ${stderr}`);
  return facts;
}
const found = (prepare: string) => filterFindings(read(prepare)).map(({ severity, finding }) => [severity, finding]);

const firewalld = `nft -f - <<'END'
table inet firewalld {
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    iifname "lo" accept
    jump filter_IN_public_allow
    reject with icmpx admin-prohibited
  }
  chain filter_IN_public_allow { tcp dport 22 accept; }
  chain filter_FORWARD {
    type filter hook forward priority filter + 10; policy accept;
    ct state { established, related } accept
    reject with icmpx admin-prohibited
  }
  chain filter_OUTPUT { type filter hook output priority filter + 10; policy accept; reject; }
}
END`;
const ufw = "iptables -P INPUT DROP && iptables -A INPUT -p tcp --dport 22 -j ACCEPT";

describe("packet filters, as nft and iptables list them", () => {
  test("that end nothing are no finding", () => {
    expect(found("")).toEqual([]);
    expect(
      found("nft 'table inet calm { chain c { type filter hook input priority 0; tcp dport 23 drop; }; }'"),
    ).toEqual([]);
  });

  test("of firewalld reject what is forwarded, and tunnels", () => {
    expect(found(firewalld)).toEqual([
      ["warning", expect.stringContaining('"inet firewalld filter_FORWARD" rejects')],
      ["warning", expect.stringMatching(/^inet firewalld filter_INPUT ends .* UDP 4789/)],
    ]);
    expect(found(`${firewalld}\nnft add rule inet firewalld filter_IN_public_allow udp dport 4789 accept`)).toEqual([
      ["warning", expect.stringContaining('"inet firewalld filter_FORWARD" rejects')],
    ]);
  });

  test("of ufw drop tunnels by the INPUT policy, unless a rule accepts them", () => {
    expect(found(ufw)).toEqual([["warning", expect.stringMatching(/^iptables INPUT ends .* UDP 4789/)]]);
    expect(found(`${ufw}\niptables -A INPUT -p udp --dport 4789 -j ACCEPT`)).toEqual([]);
  });

  test("of others that drop what is forwarded are why a network is refused", () => {
    const site = "nft 'table inet site { chain passing { type filter hook forward priority 10; policy drop; }; }'";
    expect(found(site)).toEqual([["blocking", expect.stringContaining('"inet site passing" drops')]]);
  });
});

test("default routes learnt from router advertisements are read with accept_ra", () => {
  const link =
    "ip link add eth0 type veth peer name eth1 && ip link set eth0 up && ip -6 address add fd98::1/64 dev eth0 nodad";
  const learnt = "ip -6 route add default via fd98::ff dev eth0 proto ra metric 1024";
  expect(read(`${link}\n${learnt}\necho 1 > /proc/sys/net/ipv6/conf/eth0/accept_ra`).advertised).toEqual(
    new Map([["eth0", "1"]]),
  );
  expect(read(link).advertised).toEqual(new Map());
});
