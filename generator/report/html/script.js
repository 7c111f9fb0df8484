"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const filter = byId("filter"), shown = byId("shown");
  const only = [...document.querySelectorAll("input[name=only]")];
  const rows = [...document.querySelectorAll("tr.row")].map((tr) => ({ tr, find: tr.dataset.find, has: tr.dataset.has, detail: null }));
  const byRow = new Map(rows.map((r) => [r.tr, r]));
  const details = new Map();

  // make returns an element; text of documents goes in as text, never as markup.
  function make(name, cls, text) {
    const e = document.createElement(name);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    return e;
  }

  function detailsOf(api) {
    if (!details.has(api)) details.set(api, JSON.parse(byId(api + "-details").textContent));
    return details.get(api);
  }

  // Conflicts and gaps are entries of a list, each about a row.
  const entries = [...document.querySelectorAll("tr[data-row]")].map((tr) => {
    const r = byRow.get(byId(tr.dataset.row));
    r.find += " " + tr.cells[0].textContent.toLowerCase();
    return { tr, r, find: (tr.textContent + " " + r.tr.cells[0].textContent + " " + r.tr.cells[1].textContent).toLowerCase() };
  });

  // Filtering.
  function applyAndShow() {
    apply();
    if (!filter.value.trim() && !only.some((c) => c.checked)) return;
    const hit = document.querySelector("tr[data-row]:not([hidden]), tr.row:not([hidden])");
    if (hit) hit.scrollIntoView({ block: "center", behavior: "instant" });
  }

  function apply() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = only.filter((c) => c.checked).map((c) => c.value);
    let n = 0;
    for (const r of rows) {
      const show = words.every((w) => r.find.includes(w)) && wanted.every((w) => r.has.includes(w));
      if (r.tr.hidden === show) r.tr.hidden = !show;
      if (r.detail) r.detail.hidden = !show;
      if (show) n++;
    }
    for (const e of entries) {
      e.tr.hidden = e.r.tr.hidden || !words.every((w) => e.find.includes(w));
    }
    for (const list of document.querySelectorAll(".found")) {
      list.hidden = !list.querySelector("tr[data-row]:not([hidden])");
    }
    for (const section of document.querySelectorAll("tr.section")) {
      section.hidden = !section.parentNode.querySelector("tr.row:not([hidden])");
    }
    shown.textContent = n === rows.length ? n + " rows" : n + " of " + rows.length + " rows";
  }

  // Rows open into the facts, the lines of the documents and the Go made from them.
  function toggle(r, open) {
    const button = r.tr.querySelector("button");
    if ((button.getAttribute("aria-expanded") === "true") === open) return;
    button.setAttribute("aria-expanded", String(open));
    if (open) {
      r.detail = unfold(r.tr);
      r.tr.after(r.detail);
    } else {
      r.detail.remove();
      r.detail = null;
    }
  }

  function unfold(tr) {
    const table = tr.closest("table");
    const all = detailsOf(table.dataset.api);
    const row = all.r[tr.dataset.i];
    const out = make("tr", "detail");
    const cell = out.appendChild(make("td"));
    cell.colSpan = tr.cells.length;
    cell.append(factTable(all, row));
    const beside = cell.appendChild(make("div", "beside"));
    const left = beside.appendChild(make("div"));
    all.s.forEach((file, i) => {
      const lines = excerpt(all, row, i);
      if (lines) left.append(make("h4", "", file), lines);
    });
    if (row.g) {
      const right = beside.appendChild(make("div"));
      right.append(make("h4", "", "Go"));
      for (const text of row.g) right.append(code(text));
    }
    return out;
  }

  function factTable(all, row) {
    const box = make("div", "facts");
    const table = box.appendChild(make("table"));
    const head = table.createTHead().insertRow();
    for (const title of ["About", "Fact", "Value"]) head.appendChild(make("th", "", title)).scope = "col";
    const names = all.s.map((file) => file.slice(file.lastIndexOf("/") + 1));
    all.s.forEach((file, i) => {
      const th = head.appendChild(make("th", "src"));
      th.scope = "col";
      th.appendChild(make("abbr", "", (i + 1) + " " + names[i])).title = file;
    });
    const body = table.createTBody();
    let last = "";
    for (const f of row.f) {
      const tr = body.insertRow();
      tr.className = (f.c ? "conflict " : "") + (f.h ? "hole" : "");
      const about = tr.appendChild(make("th", "about", f.a && f.a !== last ? f.a : ""));
      about.scope = "row";
      last = f.a || "";
      const name = tr.appendChild(make("td", "fact", f.n));
      if (f.h) name.title = "the specification does not say this";
      const value = tr.appendChild(make("td", "value", f.w.v || ""));
      for (const x of f.x || []) if (x.v) value.append(make("span", "other", names[x.s] + ": " + x.v));
      const cells = all.s.map((_, i) => {
        const td = tr.appendChild(make("td", "silent", "·"));
        td.dataset.name = names[i];
        return td;
      });
      mark(cells, f.w, "took", "used");
      for (const y of f.y || []) mark(cells, y, "agree", "agrees");
      for (const o of f.o || []) mark(cells, o, "words", "says it in other words");
      for (const x of f.x || []) mark(cells, x, "lost", "says something else");
    }
    return box;
  }

  function mark(cells, said, cls, words) {
    const cell = cells[said.s];
    if (cell.className === "silent") cell.replaceChildren();
    cell.className = "";
    const b = cell.appendChild(make("button", cls, said.l ? String(said.l) : "✓"));
    b.type = "button";
    b.title = words + (said.p ? ", shown by a sample" : "") + (said.l ? ": go to line " + said.l : "");
    b.dataset.line = said.s + ":" + (said.l || 0);
  }

  // excerpt shows the lines of one document that state the facts of a row, each with its neighbours.
  function excerpt(all, row, source) {
    const state = new Map();
    const note = (said, cls) => {
      if (said.s === source && said.l && !(state.get(said.l) === "took")) state.set(said.l, cls);
    };
    for (const f of row.f) {
      for (const x of f.x || []) note(x, "lost");
      for (const y of [...(f.y || []), ...(f.o || [])]) note(y, "agree");
      note(f.w, "took");
    }
    if (!state.size) return null;
    const pre = make("pre", "lines");
    pre.tabIndex = 0;
    let last = 0;
    for (const at of [...new Set([...state.keys()].flatMap((n) => [n - 1, n, n + 1]))].sort((a, b) => a - b)) {
      const text = all.l[source][at];
      if (text === undefined) continue;
      if (last && at > last + 1) pre.append(make("span", "cutline", "⋯"));
      const line = pre.appendChild(make("span", "ln " + (state.get(at) || "")));
      line.append(make("b", "", String(at)), text);
      line.dataset.line = source + ":" + at;
      last = at;
    }
    return pre;
  }

  const goWords = /(\/\/[^\n]*)|("(?:[^"\\]|\\.)*")|\b(func|type|struct|const|return|if|else|for|range|map|interface|string|bool|int64|float64|error|any)\b/g;

  function code(text) {
    const pre = make("pre", "code");
    pre.tabIndex = 0;
    let from = 0;
    for (const m of text.matchAll(goWords)) {
      pre.append(text.slice(from, m.index), make("span", m[1] ? "c" : m[2] ? "s" : "k", m[0]));
      from = m.index + m[0].length;
    }
    pre.append(text.slice(from));
    return pre;
  }

  // Going to places.
  function openHash() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const r = byRow.get(byId(id));
    if (!r) return;
    if (r.tr.hidden) { filter.value = ""; only.forEach((c) => { c.checked = false; }); apply(); }
    toggle(r, true);
    r.tr.scrollIntoView({ block: "start" });
    r.tr.querySelector("button").focus({ preventScroll: true });
    r.tr.classList.add("flash");
    setTimeout(() => r.tr.classList.remove("flash"), 1200);
  }

  function goToLine(button) {
    const detail = button.closest(".detail");
    detail.querySelectorAll(".ln.here").forEach((l) => l.classList.remove("here"));
    const line = [...detail.querySelectorAll(".ln")].find((l) => l.dataset.line === button.dataset.line);
    if (!line) return;
    line.classList.add("here");
    line.scrollIntoView({ block: "center" });
  }

  function move(from, step) {
    const visible = rows.filter((r) => !r.tr.hidden);
    const at = visible.findIndex((r) => r.tr === from);
    const to = visible[at < 0 ? (step > 0 ? 0 : visible.length - 1) : at + step];
    if (to) to.tr.querySelector("button").focus();
  }

  filter.addEventListener("input", applyAndShow);
  only.forEach((c) => c.addEventListener("change", applyAndShow));
  addEventListener("hashchange", openHash);
  document.addEventListener("click", (e) => {
    const button = e.target.closest("button");
    if (!button) return;
    const tr = button.closest("tr.row");
    if (tr) {
      const open = button.getAttribute("aria-expanded") !== "true";
      toggle(byRow.get(tr), open);
      if (open) history.replaceState(null, "", "#" + encodeURIComponent(tr.id));
    } else if (button.dataset.line) {
      goToLine(button);
    }
  });
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const typing = e.target === filter;
    if (e.key === "/" && !typing) { e.preventDefault(); filter.focus(); filter.select(); }
    if (e.key === "Escape" && typing) { filter.value = ""; apply(); }
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      const tr = e.target.closest("tr.row");
      if (tr || typing) { e.preventDefault(); move(tr, e.key === "ArrowDown" ? 1 : -1); }
    }
  });

  apply();
  if (location.hash) openHash();
})();
