import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

type Fields = Record<string, string | number | string[]>;
type Kept = Map<string, Fields>;

/** What an object's key is made of, by its collection; `links` is what netmaster adds of its own. */
const keyFields: Record<string, string[]> = {
  globals: ["name"],
  tenants: ["tenantName"],
  networks: ["tenantName", "networkName"],
  policys: ["tenantName", "policyName"],
  rules: ["tenantName", "policyName", "ruleId"],
  endpointGroups: ["tenantName", "groupName"],
  Bgps: ["hostname"],
};

/** netmaster says so of what it changes of no object once it is made. */
const fixed: Record<string, string> = {
  tenants: "Cant change tenant parameters after its created",
  networks: "Cant change network parameters after its created",
  rules: "Can not update a rule after its created",
};

/** A server that answers as netmaster does: which objects it takes, what it refuses, and in which words. */
export class Netmaster {
  readonly kept: Record<string, Kept> = {};
  readonly asked: string[] = [];
  private constructor(private readonly server: Server) {
    this.reset();
  }

  static async start(host = "127.0.0.1", port = 0): Promise<Netmaster> {
    let netmaster: Netmaster;
    const server = createServer(async (request, response) => {
      const body = (await request.toArray()).join("");
      const answer = netmaster.answer(request.method ?? "", request.url ?? "", body);
      // Go's http.Error: text, and a line's end.
      if (answer instanceof Error) response.writeHead(500, { "content-type": "text/plain" }).end(`${answer.message}\n`);
      else if (answer === undefined) response.writeHead(404).end("404 page not found\n");
      else response.writeHead(200, { "content-type": "application/json" }).end(`${JSON.stringify(answer)}\n`);
    });
    netmaster = new Netmaster(server);
    await new Promise<void>((ready) => void server.listen(port, host, ready));
    return netmaster;
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  /** As netmaster is after its first start: it makes its default tenant itself. */
  reset(): void {
    for (const name of Object.keys(keyFields)) this.kept[name] = new Map();
    this.of("tenants").set("default", { key: "default", tenantName: "default" });
    this.asked.length = 0;
  }

  of(collection: string): Kept {
    return this.kept[collection] as Kept;
  }

  end(): void {
    this.server.close();
  }

  private answer(method: string, path: string, body: string): unknown {
    const [, collection = "", key = ""] = /^\/api\/v1\/(\w+)\/([^/]+)\/$/.exec(path) ?? [];
    if (!(collection in keyFields)) return undefined;
    this.asked.push(`${method} ${collection}/${key}`);
    const title = collection.replace(/s$/, "");
    const there = this.of(collection).get(key);
    if (method === "POST") return this.post(collection, key, JSON.parse(body) as Fields, there);
    if (!there) return new Error(`${title} not found`);
    if (method === "GET") return { ...there, "link-sets": {}, links: {} };
    const refused = this.inUse(collection, key, there);
    if (refused) return new Error(refused);
    this.of(collection).delete(key);
    return key;
  }

  private post(collection: string, key: string, given: Fields, there: Fields | undefined): unknown {
    const expected = (keyFields[collection] as string[]).map((name) => given[name] ?? "").join(":");
    if (key !== expected) return new Error(`Expecting ${collection} key ${expected}. Got: ${key}`);
    const refused = there ? this.unchangeable(collection, given, there) : this.wrong(collection, given);
    if (refused) return new Error(refused);
    // What is empty is left out of what is answered.
    const said = Object.entries(given).filter(([, value]) => value !== "" && value !== 0 && String(value) !== "");
    const made = { key, ...Object.fromEntries(said) };
    this.of(collection).set(key, made);
    return made;
  }

  private unchangeable(collection: string, given: Fields, there: Fields): string | undefined {
    if (collection === "endpointGroups" && given.networkName !== there.networkName)
      return "Cannot change network association after epg is created.";
    return fixed[collection];
  }

  private wrong(collection: string, given: Fields): string | undefined {
    const { tenantName } = given;
    if (collection !== "Bgps" && collection !== "globals" && collection !== "tenants")
      if (!this.of("tenants").has(String(tenantName))) return "Tenant not found";
    if (collection === "networks") {
      const same = [...this.of("networks").values()].find(
        (one) => one.tenantName === tenantName && one.subnet === given.subnet,
      );
      if (same) return `Network ${String(same.networkName)} conflicts with subnet ${String(given.subnet)}`;
    }
    if (collection === "endpointGroups") {
      const network = `${String(tenantName)}:${String(given.networkName)}`;
      if (!this.of("networks").has(network)) return `Network ${String(given.networkName)} not found`;
      const policies = (given.policies ?? []) as string[];
      if (policies.some((name) => !this.of("policys").has(`${String(tenantName)}:${name}`))) return "Policy not found";
    }
    if (collection === "rules") {
      if (!["in", "out"].includes(String(given.direction))) return "Invalid direction for the rule";
      if (given.direction === "in" && (given.toNetwork ?? given.toEndpointGroup ?? given.toIpAddress))
        return "Can not specify 'to' parameters in incoming rule";
      if (!this.of("policys").has(`${String(tenantName)}:${String(given.policyName)}`)) return "Policy not found";
    }
    return undefined;
  }

  private inUse(collection: string, key: string, { tenantName, networkName, policyName }: Fields): string | undefined {
    const groups = [...this.of("endpointGroups").values()].filter((one) => one.tenantName === tenantName);
    if (collection === "networks") {
      const count = groups.filter((one) => one.networkName === networkName).length;
      return count > 0 ? `cannot delete ${String(networkName)} has ${count} endpoint groups` : undefined;
    }
    if (collection === "policys")
      return groups.some(({ policies }) => ((policies ?? []) as string[]).includes(String(policyName)))
        ? "Policy is being used"
        : undefined;
    if (collection !== "tenants") return undefined;
    const networks = [...this.of("networks").values()].filter((one) => one.tenantName === tenantName);
    return networks.length > 0 ? `cannot delete ${key} has ${networks.length} networks` : undefined;
  }
}
