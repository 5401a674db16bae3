import { describe, expect, test } from "vitest";
import { stepLines } from "../../../components/node/batch";
import type { Attributes, Step } from "../../../components/node/item";
import { order } from "../../../components/node/order";
import { undo } from "../../../components/node/undo";
import { emptyFacts } from "./world";

test("an IPv4 route by an IPv6 next hop names the family, also on its way back", () => {
  const from = { via: "fe80::1", device: "eth0", protocol: "static" };
  const key = "0.0.0.0/0 table 254 metric 0";
  const moved: Step = { kind: "route", key, from, to: { ...from, device: "br0" } };
  const written = (steps: Step[]) => stepLines(steps, { owner: "o", contents: new Map() }, "strict").join("\n");
  expect(written([moved])).toContain("route replace 0.0.0.0/0 via inet6 fe80::1 dev br0");
  expect(written(undo([moved]))).toContain("route replace 0.0.0.0/0 via inet6 fe80::1 dev eth0");
});

describe("an IPv6 route by a tunnel, whose next hop the kernel lets no other device lead to", () => {
  const tunnel = { device: "vx0", onlink: true, protocol: "98" };
  const near = { via: "fd98::13", device: "eth0", protocol: "98" };
  const route = (to: string, from: Attributes | null, value: Attributes | null): Step => ({
    kind: "route",
    key: `${to} table 254 metric 1024`,
    from,
    to: value,
  });
  const lines = (steps: Step[]) => stepLines(order(steps), { owner: "o", contents: new Map() }, "strict").join("\n");

  test("takes the place of one by a NIC after that is gone, and gives it back at once", () => {
    const away = route("fd00:2::/64", near, { via: "fd00:2::", ...tunnel });
    expect(lines([away])).toMatch(
      /route delete fd00:2::\/64 .*dev eth0 proto 98\nroute add fd00:2::\/64 via fd00:2:: dev vx0/,
    );
    expect(lines(undo([away], emptyFacts()))).toContain("route replace fd00:2::/64 via fd98::13 dev eth0");
    const moved = route("::/0", near, { ...near, device: "br0", onlink: true });
    expect(lines([moved])).toContain("route replace ::/0 via fd98::13 dev br0");
    const four = { ...away, key: "10.9.2.0/24 table 254 metric 0" };
    expect(lines([four])).toContain("route replace 10.9.2.0/24");
  });

  test("is set once the route that covered it by a NIC is gone; the default route may stay", () => {
    const made = route("fd00:3::/64", null, { via: "fd00:3::", ...tunnel });
    const covering = route("fd00::/16", near, null);
    expect(lines([made, covering])).toMatch(/route delete fd00::\/16 [\s\S]*route add fd00:3::\/64/);
    expect(lines([made, route("::/0", near, null)])).toMatch(/route add fd00:3::\/64 [\s\S]*route delete ::\/0/);
  });
});
