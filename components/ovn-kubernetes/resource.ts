import * as pulumi from "@pulumi/pulumi";
import { refuse, UserError } from "../errors";
import { applyObjects, loadSdk } from "../kubernetes";
import { definitionsText } from "../kubernetes/fetched";
import { sha256 } from "../node/kinds/file";
import { chartValues, overlaid } from "./chart";
import type { OvnKubernetesSettings } from "./complete";
import type { CrdFile } from "./crds";
import { readDefinitions } from "./definitions";
import { names } from "./names";
import type { WebhookCertificate } from "./webhooks";

interface DefinitionsArgs {
  files: readonly CrdFile[];
  /** Names of definitions that there must be among them. */
  needed: readonly string[];
}

/**
 * OVN-Kubernetes' CustomResourceDefinitions. Whoever depends on this waits until all of them are there.
 *
 * @throws UserError when a file cannot be read, is not the one that its `sha256` names, or one is missing.
 */
export class OvnKubernetesDefinitions extends pulumi.ComponentResource {
  constructor(name: string, args: DefinitionsArgs, options: pulumi.ComponentResourceOptions) {
    super("podnet:index:OvnKubernetesDefinitions", name, args, options);
  }

  protected override async initialize(
    { files, needed }: DefinitionsArgs,
    _options?: pulumi.ComponentResourceOptions,
    name = "",
  ): Promise<void> {
    const subject = `OvnKubernetesDefinitions "${name}"`;
    const fix = "download it where you can, and name it by localPath";
    const texts = files.map(async (file) => ({ ...file, ...(await definitionsText(subject, file, fix)) }));
    const { objects, problems } = readDefinitions(await Promise.all(texts), needed);
    refuse(subject, problems);
    applyObjects(name, objects, { parent: this });
  }
}

/** Pulumi's own package for keys and certificates, as far as the webhook needs it. */
type Tls = typeof import("@pulumi/tls");

/** Hours before its end at which an update makes the certificate anew: a month. */
const renewalHours = 30 * 24;

/**
 * The webhook's certificate. podnet's own is of an authority that lasts a century and signs nothing else: another
 * certificate leaves what the API servers trust as it is, and is renewed by an update in the last month of its life.
 */
export function webhookCertificate(
  { name, identity }: OvnKubernetesSettings,
  options: pulumi.CustomResourceOptions,
): WebhookCertificate | undefined {
  if (!identity.enabled) return undefined;
  const { certificate, validityDays } = identity;
  if (certificate)
    return asGiven({ ...certificate, key: pulumi.secret(certificate.key as pulumi.Input<string>) } as never);
  const tls = loadTls();
  const named = (part: string) => `${name}/${names.identity}-${part}`;
  const key = (part: string) =>
    new tls.PrivateKey(named(part), { algorithm: "ECDSA", ecdsaCurve: "P256" }, options).privateKeyPem;
  const authorityKey = key("authority-key");
  const authority = new tls.SelfSignedCert(
    named("authority"),
    {
      privateKeyPem: authorityKey,
      subject: { commonName: `${name} ${names.identity}` },
      isCaCertificate: true,
      allowedUses: ["cert_signing", "digital_signature"],
      validityPeriodHours: 100 * 365 * 24,
    },
    options,
  );
  const ownKey = key("key");
  const request = new tls.CertRequest(
    named("request"),
    { privateKeyPem: ownKey, subject: { commonName: "localhost" }, dnsNames: ["localhost"] },
    options,
  );
  const made = new tls.LocallySignedCert(
    named("certificate"),
    {
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: authorityKey,
      caCertPem: authority.certPem,
      allowedUses: ["digital_signature", "server_auth"],
      validityPeriodHours: validityDays * 24,
      earlyRenewalHours: renewalHours,
    },
    options,
  );
  return asGiven({ certificate: made.certPem, key: ownKey, authority: authority.certPem });
}

function asGiven(pem: {
  certificate: pulumi.Input<string>;
  key: pulumi.Output<string>;
  authority: pulumi.Input<string>;
}) {
  return {
    certificate: pem.certificate,
    key: pulumi.secret(pem.key),
    authorityBase64: pulumi.output(pem.authority).apply((text) => Buffer.from(text).toString("base64")),
    mark: pulumi.output(pem.certificate).apply(sha256),
  };
}

function loadTls(): Tls {
  try {
    return require("@pulumi/tls") as Tls;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const rule =
      "the webhook of OVN-Kubernetes needs a certificate, and the package @pulumi/tls that makes it is missing";
    const fix = "npm install @pulumi/tls, or give one by identity.certificate";
    throw new UserError("podnet", [{ path: "identity", rule, fix }]);
  }
}

/** Upstream's chart, each of its objects a resource of its own that a preview shows. */
export function applyChart(
  settings: OvnKubernetesSettings,
  certificate: WebhookCertificate | undefined,
  options: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  const { Chart } = (loadSdk() as unknown as typeof import("@pulumi/kubernetes")).helm.v4;
  return new Chart(
    settings.name,
    {
      chart: settings.chart?.source ?? "",
      name: settings.name,
      namespace: names.namespace,
      values: chartValues(settings),
      skipCrds: settings.crds === "present",
      resourcePrefix: settings.name,
    },
    {
      ...options,
      transforms: [
        ({ props, opts }) => {
          const changed = overlaid(settings, certificate, props as Record<string, unknown>);
          return changed && { props: changed, opts };
        },
      ],
    },
  );
}
