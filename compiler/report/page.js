// SPDX-License-Identifier: Apache-2.0
"use strict";
// A click on the head of a column sorts by it; another one turns it round.
for (const table of document.querySelectorAll("table.sorts")) {
  table.classList.add("sorting");
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  const key = (row, i) => {
    const cell = row.cells[i];
    return "v" in cell.dataset ? Number(cell.dataset.v) : cell.textContent.trim();
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? b - a : String(a).localeCompare(String(b));
  heads.forEach((head, i) => head.addEventListener("click", () => {
    const turn = head.classList.contains("by") && !head.classList.contains("turned") ? -1 : 1;
    const rows = [...body.rows].sort((a, b) => turn * compare(key(a, i), key(b, i)));
    heads.forEach((h) => h.classList.remove("by", "turned"));
    head.classList.add("by");
    head.classList.toggle("turned", turn < 0);
    body.append(...rows);
  }));
}
