import PQueue from "p-queue";
import type { Connection } from "../../components/node/connection";
import { traced } from "../trace";
import type { Client } from "./client";
import { type ConnectOptions, connect } from "./connecting";
import { type Endpoint, login, machine, route } from "./endpoint";
import { SshError } from "./errors";
import { distrust, trustOf } from "./host-key";
import { openSession } from "./script";
import type { Session, SessionOptions, SessionPool } from "./session";

/** sshd drops connections at random from 10 unfinished logins on (MaxStartups 10:30:100). */
const loginsThroughOneJump = 9;

/** A node that waits for a confirmation undoes its change when that does not come in time; everything else can wait. */
const [ordinary, urgent] = [0, 1] as const;
type Urgency = typeof ordinary | typeof urgent;

export class Pool implements SessionPool {
  readonly #clients = new Map<string, Promise<Client>>();
  readonly #jumps = new Map<string, Promise<Client>>();
  readonly #lanes = new Map<string, PQueue>();
  readonly #logins = new Map<string, PQueue>();
  /** Policies a client was found to satisfy: another resource may ask for another host key on the same node. */
  readonly #trusted = new WeakMap<Client, Set<string>>();
  readonly #slots = new Map<string, PQueue>();

  /** @param concurrency how many logins and scripts run at once, over all nodes; as many confirmations come on top */
  constructor(private readonly concurrency: () => number = concurrencySetting) {}

  async use(connection: Connection, options: SessionOptions): Promise<Session> {
    options.signal?.throwIfAborted();
    const key = route(connection);
    const client = await (this.#clients.get(key) ?? this.#keep(this.#clients, key, this.#open(connection, options)));
    await this.#trust(client, connection, options.recordedHostKey);
    return this.#session(client, connection, options, ordinary);
  }

  async fresh(connection: Connection, options: SessionOptions): Promise<Session> {
    options.signal?.throwIfAborted();
    const key = route(connection);
    // The connection before stays until this one is there: it may be what still reaches the node.
    const client = await this.#open(connection, options, urgent);
    const before = this.#clients.get(key);
    this.#keep(this.#clients, key, Promise.resolve(client));
    before?.then((old) => old.retire()).catch(() => undefined);
    return this.#session(client, connection, options, urgent);
  }

  exclusive<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    return lane(this.#lanes, machine(connection), 1).add(work);
  }

  closeAll(): void {
    for (const clients of [this.#clients, this.#jumps]) {
      for (const client of clients.values()) client.then((open) => open.destroy()).catch(() => undefined);
      clients.clear();
    }
  }

  #session(client: Client, connection: Connection, { signal }: SessionOptions, urgency: Urgency): Session {
    return openSession(client, connection, signal, (work, stop) => this.#slot(work, stop, urgency));
  }

  async #open(connection: Connection, options: SessionOptions, urgency: Urgency = ordinary): Promise<Client> {
    const { jump, connectTimeoutSeconds: timeoutSeconds } = connection;
    const { signal, recordedHostKey } = options;
    const common = { timeoutSeconds, signal };
    const open = async (options: ConnectOptions) => {
      const dial = () => traced({ host: route(connection) }, "connect", () => connect(connection, options));
      const client = await this.#slot(dial, signal, urgency);
      this.#trusted.set(client, new Set([policyOf(connection, recordedHostKey)]));
      return client;
    };
    if (!jump) return await open({ ...common, recordedHostKey });
    const bastion = await this.#jump(jump, common, urgency);
    const through = { ...common, recordedHostKey, jump: bastion };
    const logins = lane(this.#logins, login(jump), loginsThroughOneJump);
    return await logins.add(() => open(through), { signal, priority: urgency });
  }

  async #jump(
    jump: Endpoint,
    options: { timeoutSeconds: number; signal?: AbortSignal },
    urgency: Urgency,
  ): Promise<Client> {
    if (jump.hostKey && "onFirstUse" in jump.hostKey)
      throw new SshError(
        "hostKey",
        `${login(jump)}: jump.hostKey cannot be { onFirstUse: true }, since no resource records the host key of a ` +
          "jump host. Use { pinned } or { knownHosts }",
      );
    const key = login(jump);
    const known = this.#jumps.get(key);
    return await (known ??
      this.#keep(
        this.#jumps,
        key,
        this.#slot(() => traced({ host: key }, "connect", () => connect(jump, options)), options.signal, urgency),
      ).catch((error) => {
        throw error instanceof SshError && error.isUnreachable ? new SshError("way", error.message) : error;
      }));
  }

  /** Remembers a client for as long as it lives; one that could not be made is not remembered. */
  #keep(clients: Map<string, Promise<Client>>, key: string, client: Promise<Client>): Promise<Client> {
    clients.set(key, client);
    const forget = () => {
      if (clients.get(key) === client) clients.delete(key);
    };
    client.then(({ closed }) => closed).then(forget, forget);
    return client;
  }

  async #trust(client: Client, connection: Connection, recorded: string | undefined): Promise<void> {
    const satisfied = this.#trusted.get(client) ?? new Set();
    this.#trusted.set(client, satisfied);
    const policy = policyOf(connection, recorded);
    if (satisfied.has(policy)) return;
    const reason = distrust(await trustOf(connection, recorded), client.hostKey, connection);
    if (reason) throw new SshError("hostKey", `${client.name}: ${reason}`);
    satisfied.add(policy);
  }

  /** What a node waits for has a queue of its own: scripts and dead nodes of others take none of its window. */
  #slot<T>(work: () => Promise<T>, signal: AbortSignal | undefined, urgency: Urgency): Promise<T> {
    return lane(this.#slots, String(urgency), this.concurrency()).add(work, { signal });
  }
}

function policyOf({ hostKey }: Connection, recorded: string | undefined): string {
  return JSON.stringify([hostKey, recorded]);
}

function lane(lanes: Map<string, PQueue>, key: string, concurrency: number): PQueue {
  const queue = lanes.get(key) ?? new PQueue({ concurrency });
  lanes.set(key, queue);
  return queue;
}

let limit: number | undefined;

/** What the stack's settings say; without a word the environment's, or the default, counts. */
export function limitConcurrency(concurrency: number | undefined): void {
  limit = concurrency;
}

function concurrencySetting(): number {
  if (limit !== undefined) return limit;
  const text = process.env.PODNET_SSH_CONCURRENCY ?? "64";
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Error(`PODNET_SSH_CONCURRENCY is "${text}"; give a whole number from 1, such as 64`);
}

/** The sessions of this process. */
export const pool: SessionPool = new Pool();
