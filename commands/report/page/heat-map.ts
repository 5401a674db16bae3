import type { Heat, HeatCell, Proof } from "../model";
import { type Html, html } from "./html";

/** Up to this many columns have their names above them; more have numbers, which the rows explain. */
const namedUpTo = 6;

/** Colours from the fastest to the slowest. */
const steps = 5;

export function proofSection(proof: Proof, id: string): Html {
  return html`<p class="${proof.passed ? "good" : "wrong"}">${proof.passed ? "✔" : "✖"} ${proof.summary || "not proven yet"}</p>
${proof.failures.length > 0 ? html`<ul class="wrong">${proof.failures.map((line) => html`<li>${line}</li>`)}</ul>` : undefined}
${proof.heat ? heatTable(proof.heat, proof.mtu, id) : html`<p>The state keeps no single answers of a network this large. Give them with <code>--probes FILE</code>, as <code>podnet verify --json</code> prints them.</p>`}`;
}

function heatTable({ names, sizes, cells }: Heat, mtu: number | undefined, id: string): Html {
  const named = names.length <= namedUpTo;
  const times = cells.flat().flatMap((cell) => cell?.milliseconds ?? []);
  const level = levels(times);
  const grouped = sizes.some((size) => size > 1);
  return html`<p id="${id}-about">Round trips from row to column in milliseconds${grouped ? ", the slowest between nodes of both groups" : ""}; with packets of ${mtu ?? "the pods' MTU"} bytes that must not be cut up. Warmer is slower, ✖ failed${grouped ? " (so many of so many probes)" : ""}, and what is empty was not probed.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Probes from row to column"><table class="heat" id="${id}" aria-describedby="${id}-about">
<thead><tr><th scope="col">from ↓ to →</th>${names.map((name, index) => html`<th scope="col">${named ? name : html`<abbr title="${name}">${index + 1}</abbr>`}</th>`)}</tr></thead>
<tbody>${cells.map(
    (row, index) =>
      html`<tr><th scope="row">${named ? "" : `${index + 1} `}${names[index]}${grouped && sizes[index] !== 1 ? html` <small>${sizes[index]} nodes</small>` : undefined}</th>${row.map((cell) => heatCell(cell, level))}</tr>
`,
  )}</tbody></table></div>`;
}

function heatCell(cell: HeatCell | undefined, level: (milliseconds: number) => number): Html {
  if (!cell) return html`<td></td>`;
  const text = cell.text.replaceAll(/([\d.]) ms/g, "$1");
  if (cell.failed > 0) return html`<td class="bad">✖ ${text}</td>`;
  return html`<td class="heat${level(cell.milliseconds ?? 0)}">${text}</td>`;
}

/** Steps of equal ratio: round trips within a rack and across a country are looked at in one map. */
function levels(times: readonly number[]): (milliseconds: number) => number {
  const positive = times.filter((time) => time > 0);
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  // Less than four times as slow is noise on a wire of a tenth of a millisecond, and no colour worth a look.
  const ratio = Math.log(Math.max(4, most / least));
  return (milliseconds) =>
    milliseconds <= 0 ? 0 : Math.min(steps - 1, Math.floor((steps * Math.log(milliseconds / least)) / ratio));
}
