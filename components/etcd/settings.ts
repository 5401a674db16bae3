import { z } from "zod";
import { connection } from "../node/connection";
import { absolutePath } from "../node/words";
import { secretText } from "../secret-text";

/** Of etcd, as it stands in a systemd unit, a command line and a file of Calico's. */
export const endpoint = z
  .string()
  .regex(/^https?:\/\/[\w.:[\]-]+$/, 'an address such as "https://192.0.2.10:2379", without a path');

const tls = z.strictObject({
  /** Path on the nodes of the authority that signed etcd's certificate. @default the nodes' own authorities */
  ca: absolutePath.optional(),
  /** Path on the nodes of the client's certificate. */
  certificate: absolutePath,
  /** Path on the nodes of the client's key. */
  key: absolutePath,
});

const username = z.string().regex(/^[\w.@-]+$/, "a user's name");

/** How an etcd is reached from the nodes, as a network's settings say it. */
export const etcdAccess = {
  /** Addresses of etcd's members: "https://192.0.2.10:2379". */
  endpoints: z.array(endpoint).min(1, "name at least one member of etcd"),
  /** Files on the nodes, put there by whoever made etcd's certificates. @default none (etcd speaks plain HTTP) */
  tls: tls.optional(),
  /** @default none (etcd asks for no password) */
  username: username.optional(),
  /** Given to the nodes in a file that root alone reads, and kept as a secret. @default none */
  password: secretText.optional(),
};

/** What an EtcdKey is given. */
export const etcdKeySettings = z
  .strictObject({
    /** The node that speaks to etcd. Not the key's identity: another one changes nothing. */
    node: z.string().min(1),
    connection,
    endpoints: etcdAccess.endpoints,
    tls: etcdAccess.tls,
    username: etcdAccess.username,
    password: z.string().min(1).optional(),
    /** Another key is another resource: it is replaced. */
    key: z.string().regex(/^[^\p{Cc}]+$/u, "a key without control characters"),
    value: z.string(),
    /** What is deleted with the key: every key that begins so. @default the key alone */
    deletePrefix: z.string().min(2).optional(),
  })
  .refine(({ username: user, password }) => (user === undefined) === (password === undefined), {
    path: ["password"],
    message: "username and password go together",
  });

export type EtcdKeySettings = z.output<typeof etcdKeySettings>;
export type EtcdKeyInput = z.input<typeof etcdKeySettings>;
