import type { Network, Node } from "../model";
import { filter } from "./filter";
import { type Html, html } from "./html";

/** A table with more rows than this is folded at first. */
const openUpTo = 32;

export function nodesTable({ segments, name }: Network, id: string): Html {
  const rows = segments.flatMap((segment) => segment.nodes.map((node) => ({ segment: segment.name, node })));
  if (rows.length === 0) return html`<p>The stack knows no nodes of ${name}: its objects run on the cluster's.</p>`;
  const open = rows.length <= openUpTo ? html` open` : undefined;
  return html`<details${open}><summary>All ${rows.length} nodes with their subnets, tunnels and routes</summary>
${filter(id, "row", "Nodes with")}
<div class="scroll" tabindex="0" role="region" aria-label="Nodes of ${name}"><table id="${id}"><thead><tr><th scope="col">node</th><th scope="col">segment</th><th scope="col">state</th><th scope="col">addresses</th><th scope="col">pod subnets</th><th scope="col">MTU</th><th scope="col">tunnels</th><th scope="col">routes</th></tr></thead>
<tbody>${rows.map(({ segment, node }) => nodeRow(segment, node))}</tbody></table></div></details>`;
}

function nodeRow(segment: string, node: Node): Html {
  const health = [node.health, ...node.reasons].join(": ");
  return html`<tr><th scope="row">${node.name}</th><td>${segment}</td><td class="${node.health === "ok" ? "good" : "wrong"}">${health}</td><td>${lines(node.addresses)}</td><td>${lines(node.subnets)}</td><td>${node.mtu}</td><td>${lines(node.tunnels)}</td><td>${routes(node)}</td></tr>
`;
}

function routes({ routes: all, routeCount }: Node): Html {
  if (all.length <= 4) return lines(all);
  return html`<details><summary>${routeCount} routes</summary>${lines(all)}</details>`;
}

function lines(texts: readonly string[]): Html {
  return html`${texts.map((text, index) => html`${index > 0 ? html`<br>` : undefined}${text}`)}`;
}
