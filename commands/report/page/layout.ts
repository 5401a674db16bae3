import type { Network, Segment } from "../model";

/**
 * Where everything of a network's picture stands, in pixels. Segments stand in rows; each row has a line above it, which
 * the ways between segments come along, and a trunk at the left joins the lines:
 *
 *     [ways between segments]
 *     │
 *     ├──────┬──────────┬────
 *     │   ┌──┴───┐   ┌──┴───┐
 *     │   │ rack1│   │ rack2│
 */
export interface Layout {
  width: number;
  height: number;
  /** Whether nodes are cards with words; where there are many each is a dot. */
  cards: boolean;
  boxes: Box[];
  rows: { y: number; last: number }[];
}

export interface Box {
  segment: Segment;
  x: number;
  y: number;
  width: number;
  height: number;
  columns: number;
}

/** As wide as the page is. */
const page = 1160;
export const card = { width: 236, height: 88, gap: 16 };
export const dot = { size: 11, pitch: 15 };
export const inside = { side: 16, head: 52, foot: 16 };
/** A dot says nothing but with its fellows: the counts beneath them need this much. */
const legend = { height: 22, width: 230 };
export const wayHeight = 30;
export const wayGap = 8;
const margin = 8;
const trunk = 20;
/** Room for the line above a row. */
export const above = 30;

/** Up to this many nodes of a network are cards. */
const mostCards = 24;

export function layoutOf({ segments, ways }: Pick<Network, "segments" | "ways">): Layout {
  const cards = segments.reduce((sum, { nodes }) => sum + nodes.length, 0) <= mostCards;
  const head = margin + ways.length * (wayHeight + wayGap);
  const left = margin + (ways.length > 0 ? trunk : 0);
  const boxes: Box[] = [];
  const rows: Layout["rows"] = [];
  let [x, y, tallest] = [left, head + (ways.length > 0 ? above : 0), 0];
  for (const segment of segments) {
    const size = cards ? cardsSize(segment) : dotsSize(segment);
    if (x > left && x + size.width > page) {
      rows.push({ y, last: x });
      y += tallest + (ways.length > 0 ? above : 16);
      [x, tallest] = [left, 0];
    }
    boxes.push({ segment, x, y, ...size });
    x += size.width + 16;
    tallest = Math.max(tallest, size.height);
  }
  rows.push({ y, last: x });
  const width = Math.max(360, ...boxes.map((box) => box.x + box.width)) + margin;
  return { width, height: y + tallest + margin, cards, boxes, rows };
}

function cardsSize({ nodes }: Segment) {
  const columns = Math.min(4, Math.max(1, nodes.length));
  const rows = Math.ceil(nodes.length / columns);
  return {
    columns,
    width: 2 * inside.side + columns * card.width + (columns - 1) * card.gap,
    height: inside.head + rows * card.height + (rows - 1) * card.gap + inside.foot,
  };
}

function dotsSize({ nodes }: Segment) {
  const columns = Math.min(68, Math.max(8, Math.ceil(Math.sqrt(nodes.length * 1.4))));
  const rows = Math.ceil(nodes.length / columns);
  return {
    columns,
    width: 2 * inside.side + Math.max(columns * dot.pitch, legend.width),
    height: inside.head + rows * dot.pitch + legend.height + inside.foot,
  };
}
