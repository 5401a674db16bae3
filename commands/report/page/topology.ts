import type { Health, Network, Node, Way } from "../model";
import { type Html, html } from "./html";
import { above, type Box, card, dot, inside, type Layout, layoutOf, wayGap, wayHeight } from "./layout";

const looks: Record<Health, { kind: string; sign: string }> = {
  ok: { kind: "ok", sign: "✔" },
  failing: { kind: "failing", sign: "✖" },
  "changed by hand": { kind: "changed", sign: "△" },
  unreachable: { kind: "unreachable", sign: "?" },
  "not made": { kind: "missing", sign: "–" },
};

const kinds: Record<Way["kind"], string> = { tunnel: "tunnel", router: "by routers", overlay: "overlay" };

/** A network as a picture: its segments, their nodes, and the ways between them. */
export function topology(network: Network, style?: Html): Html {
  const layout = layoutOf(network);
  const { width, height, boxes } = layout;
  const count = network.segments.reduce((sum, { nodes }) => sum + nodes.length, 0);
  return html`<svg class="picture" xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-label="Topology of ${network.name}: ${count} nodes in ${network.segments.length} segments; the table of nodes says the same in words">
${style}${network.ways.map((way, index) => wayBar(`${kinds[way.kind]}: ${way.what}`, index, layout))}${network.ways.length > 0 ? cables(layout) : undefined}
${boxes.map((box) => segmentBox(box, layout.cards))}
</svg>`;
}

function wayBar(what: string, index: number, { width }: Layout): Html {
  const y = 8 + index * (wayHeight + wayGap);
  return html`<rect class="way" x="8" y="${y}" width="${width - 16}" height="${wayHeight}" rx="4"/><text x="20" y="${y + 19}">${cut(what, Math.floor((width - 40) / 7.3))}</text>
`;
}

/** The trunk, a line above each row, and a stub to each of its segments. */
function cables({ boxes, rows }: Layout): Html {
  const first = rows[0]?.y ?? 0;
  const last = rows.at(-1)?.y ?? 0;
  const stubs = boxes.map(({ x, y, width }) => `M${x + width / 2} ${y - 14}V${y}`);
  const lines = rows.map(({ y }) => {
    const row = boxes.filter((box) => box.y === y);
    const end = row.at(-1);
    return `M16 ${y - 14}H${end ? end.x + end.width / 2 : 16}`;
  });
  return html`<path class="cable far" d="M16 ${first - above - wayGap}V${last - 14}${[...lines, ...stubs].join("")}"/>`;
}

function segmentBox(box: Box, cards: boolean): Html {
  const { segment, x, y, width, height } = box;
  const letters = Math.floor((width - 2 * inside.side) / 6.7);
  const about = [...segment.subnets, ...segment.routers.map((router) => `router ${router}`)].join(", ");
  const nodes = segment.nodes.length === 1 ? "1 node" : `${segment.nodes.length} nodes`;
  return html`<g><rect class="segment" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>
<text class="title" x="${x + inside.side}" y="${y + 22}">${cut(segment.name, Math.floor(letters * 0.6))}<title>${segment.name}</title></text><text class="faint" x="${x + width - inside.side}" y="${y + 22}" text-anchor="end">${nodes}</text>
<text class="faint" x="${x + inside.side}" y="${y + 39}">${cut(about, letters)}<title>${about}</title></text>
${cards ? segment.nodes.map((node, index) => nodeCard(node, index, box)) : dots(box)}</g>
`;
}

function nodeCard(node: Node, index: number, { x, y, columns }: Box): Html {
  const left = x + inside.side + (index % columns) * (card.width + card.gap);
  const top = y + inside.head + Math.floor(index / columns) * (card.height + card.gap);
  const { kind, sign } = looks[node.health];
  const about = [
    node.mtu === undefined ? [] : `MTU ${node.mtu}`,
    node.routeCount > 0 ? `${node.routeCount} routes` : [],
  ];
  const lines = [
    node.addresses.join(", "),
    node.subnets.length > 0 ? `pods ${node.subnets.join(", ")}` : "",
    about.flat().join(", "),
  ];
  return html`<g><title>${[node.name, ...lines, ...node.reasons].join("\n")}</title><rect class="card" x="${left}" y="${top}" width="${card.width}" height="${card.height}" rx="4"/><rect class="${kind}" x="${left}" y="${top}" width="5" height="${card.height}" rx="2"/>
<text class="title" x="${left + 14}" y="${top + 21}">${cut(node.name, 26)}</text><text class="${kind}" x="${left + card.width - 10}" y="${top + 21}" text-anchor="end">${sign}</text>
${lines.map((line, row) => html`<text class="faint" x="${left + 14}" y="${top + 40 + row * 17}">${cut(line, 32)}</text>`)}</g>
`;
}

/** A dot for each node, round where something is wrong, and what each look stands for, by its count and first names. */
function dots({ segment, x, y, width, columns, height }: Box): Html {
  const left = x + inside.side;
  const groups = (Object.keys(looks) as Health[]).flatMap((health) => {
    const names = segment.nodes.filter((node) => node.health === health).map(({ name }) => name);
    return names.length > 0 ? [`${looks[health].sign} ${names.length} ${health}${first(health, names)}`] : [];
  });
  const legend = groups.join("  ");
  return html`${segment.nodes.map((node, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const well = node.health === "ok";
    const size = well ? dot.size : dot.size + 3;
    const shift = (size - dot.size) / 2;
    const about = [node.name, ...node.addresses, ...node.subnets, ...node.reasons].join("\n");
    return html`<rect class="${looks[node.health].kind}" x="${left + column * dot.pitch - shift}" y="${y + inside.head + row * dot.pitch - shift}" width="${size}" height="${size}" rx="${well ? 2 : size / 2}"><title>${about}</title></rect>`;
  })}<text class="faint" x="${left}" y="${y + height - inside.foot}">${cut(legend, Math.floor((width - 2 * inside.side) / 6.7))}<title>${legend}</title></text>`;
}

function first(health: Health, names: readonly string[]): string {
  return health === "ok" ? "" : ` (${names.slice(0, 2).join(", ")}${names.length > 2 ? ", …" : ""})`;
}

function cut(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;
}
