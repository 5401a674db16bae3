import { type Html, html } from "./html";

/** A field that hides what does not contain its words; without a script it is not there, and nothing is hidden. */
export function filter(table: string, axis: "row" | "column", label: string): Html {
  return html`<label class="filter" hidden>${label} <input type="search" data-table="${table}" data-axis="${axis}"></label> `;
}

/** The whole of the page's script. It reads text and hides elements, and writes only counts. */
export const script = `
"use strict";
const matches = (text, words) => words.every((word) => text.includes(word));
const wordsOf = (input) => input.value.toLowerCase().split(/\\s+/).filter(Boolean);
function apply(table) {
  const rows = [...table.tBodies[0].rows];
  const inputs = [...document.querySelectorAll('input[data-table="' + table.id + '"]')];
  const words = (axis) => inputs.filter((input) => input.dataset.axis === axis).flatMap(wordsOf);
  const grid = inputs.some((input) => input.dataset.axis === "column");
  let shown = 0;
  for (const row of rows) {
    const text = (grid ? row.cells[0] : row).textContent.toLowerCase();
    row.hidden = !matches(text, words("row"));
    if (!row.hidden) shown += 1;
  }
  if (grid)
    [...table.tHead.rows[0].cells].slice(1).forEach((head, index) => {
      const hidden = !matches(head.textContent.toLowerCase(), words("column"));
      for (const row of [table.tHead.rows[0], ...rows]) row.cells[index + 1].hidden = hidden;
    });
  document.getElementById("said").textContent = shown + " of " + rows.length + " rows shown";
}
for (const label of document.querySelectorAll("label.filter")) {
  label.hidden = false;
  const input = label.querySelector("input");
  input.addEventListener("input", () => apply(document.getElementById(input.dataset.table)));
}
`;
