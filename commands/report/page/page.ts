import { createHash } from "node:crypto";
import type { Network, Report } from "../model";
import { changesSection, time } from "./changes";
import { script } from "./filter";
import { proofSection } from "./heat-map";
import { Html, html } from "./html";
import { nodesTable } from "./nodes-table";
import { policySection } from "./policy";
import { style } from "./style";
import { topology } from "./topology";

/** By its hash alone a style or script runs: what a state smuggles in does not, even if it stood there unescaped. */
const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;

/** The whole report as one file: no server, no other resource. */
export function page(report: Report): string {
  const { stack, at, networks } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>podnet: ${stack}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header><h1>Pod networks of ${stack}</h1><p>${headline(networks)}; as of ${time(at)}</p>
<nav aria-label="Parts"><ul>${networks.map(({ name }, index) => html`<li><a href="#network-${index}">${name}</a></li>`)}<li><a href="#policy">Policy</a></li><li><a href="#changes">Last update</a></li></ul></nav></header>
<main id="main">
${networks.map(networkSection)}
<section aria-labelledby="policy"><h2 id="policy">Policy</h2>${policySection(report)}</section>
<section aria-labelledby="changes"><h2 id="changes">Last update</h2>${changesSection(report.changes)}</section>
</main>
<p class="said" id="said" role="status"></p>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}

function headline(networks: readonly Network[]): string {
  if (networks.length === 0) return "no network of podnet is in this stack";
  const nodes = networks.flatMap(({ segments }) => segments.flatMap((segment) => segment.nodes));
  const ill = nodes.filter(({ health }) => health !== "ok").length;
  const failing = networks.filter(({ proof }) => proof && !proof.passed).map(({ name }) => name);
  return [
    `${networks.length === 1 ? "1 network" : `${networks.length} networks`} on ${new Set(nodes.map(({ name }) => name)).size} nodes`,
    ill > 0 ? `${ill} of them not well` : "",
    failing.length > 0 ? `probes fail in ${failing.join(", ")}` : "",
  ]
    .filter(Boolean)
    .join("; ");
}

function networkSection(network: Network, index: number): Html {
  const { name, kind, facts, segments, proof } = network;
  return html`<section aria-labelledby="network-${index}"><h2 id="network-${index}">${name} <small>${kind}</small></h2>
<dl>${facts.map(([fact, value]) => html`<dt>${fact}</dt><dd>${value}</dd>`)}</dl>
${segments.length > 0 ? html`<h3>Topology</h3><div class="picture-frame" tabindex="0" role="region" aria-label="Picture of ${name}">${topology(network)}</div>` : undefined}
${nodesTable(network, `nodes-${index}`)}
${proof ? html`<h3>Probes</h3>${proofSection(proof, `heat-${index}`)}` : undefined}
</section>
`;
}
