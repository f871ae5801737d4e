"use strict";
// What a document says only ever becomes the text of a node: nothing here reads a string as markup.
const { plots, documents } = JSON.parse(document.getElementById("data").textContent);
const KINDS = { person: "person", place: "place", org: "organisation", thing: "other name", date: "date", topic: "topic word", cut: "cut" };
const PRECISION = { day: 10, month: 7 };
const INTERVALS = { decade: "10 years", century: "100 years" };

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function draw(figure) {
  const { unit, rows, keys } = plots[figure.dataset.plot];
  if (!rows.length) return figure.replaceChildren(element("p", { className: "none", textContent: "nothing with a date" }));
  const points = rows.map(({ bin, key, n }) => ({ bin: new Date(bin + "T00:00:00Z"), key, n }));
  const highest = d3.max(d3.rollup(points, (group) => d3.sum(group, (d) => d.n), (d) => +d.bin).values());
  const interval = INTERVALS[unit] ?? unit;
  const short = (key) => (key.length > 32 ? key.slice(0, 31) + "…" : key);
  figure.replaceChildren(
    Plot.plot({
      width: Math.max(280, figure.clientWidth),
      height: figure.clientWidth < 500 ? 220 : 260,
      marginLeft: 42,
      ariaLabel: figure.closest("section").querySelector("h2").textContent,
      x: { type: "utc", label: null },
      y: { label: figure.dataset.counts, grid: true, tickFormat: "~s", ticks: Math.min(6, highest) },
      color: { domain: keys, range: keys.map((key, i) => (key === "other" ? "#8a8f98" : d3.schemeObservable10[i])), legend: keys.length > 1, tickFormat: short },
      marks: [
        Plot.rectY(points, {
          x: "bin", y: "n", fill: { value: "key", label: figure.dataset.by }, interval, inset: 0.5,
          channels: { when: { value: (d) => d.bin.toISOString().slice(0, PRECISION[unit] ?? 4) } },
          tip: { format: { when: true, x: false, y: true, fill: short } },
        }),
        Plot.ruleY([0]),
      ],
    }),
  );
}

const tip = document.getElementById("tip");
function showTip(target) {
  tip.textContent = target.dataset.note;
  tip.hidden = false;
  const box = target.getClientRects()[0];
  const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
  const below = box.top < tip.offsetHeight + 8;
  tip.style.left = `${Math.max(8, left) + scrollX}px`;
  tip.style.top = `${(below ? box.bottom + 6 : box.top - tip.offsetHeight - 6) + scrollY}px`;
}
const hideTip = () => { tip.hidden = true; };

function marked([text, kinds, note]) {
  if (!kinds) return document.createTextNode(text);
  if (kinds === "gap") return element("span", { className: "gap", textContent: text });
  const node = element(kinds === "cut" ? "del" : "mark", { className: kinds, textContent: text, tabIndex: 0, ariaDescription: note });
  node.dataset.note = note;
  return node;
}

let current = "";
function read(chosen, move) {
  current = chosen.id;
  const article = document.getElementById("document");
  const facts = element("p", { className: "facts" });
  chosen.facts.forEach(([name, value], i) => facts.append(i ? " · " : "", name.replaceAll("_", " ") + " ", element("bdi", {}, element("b", { textContent: value }))));
  const topics = element("p", { className: "facts" }, "topics ", chosen.topics.length ? element("b", { textContent: chosen.topics.map(([label, score]) => `${label} (${score})`).join(", ") }) : "none");
  const legend = element("div", { className: "legend" }, ...Object.entries(KINDS).map(([kind, name]) => element("span", { className: kind, textContent: name })));
  const text = element("div", { className: "text", dir: "auto" }, ...chosen.pieces.map(marked));
  article.replaceChildren(element("h3", {}, element("bdi", { textContent: chosen.title })), facts, topics, legend, text);
  hideTip();
  for (const button of document.querySelectorAll("#list button")) button.ariaCurrent = String(button.value === current);
  if (!move) return;
  history.replaceState(null, "", "#read-" + chosen.id);
  if (matchMedia("(max-width: 45rem)").matches) article.scrollIntoView();
}

function list() {
  const wanted = document.getElementById("find").value.toLowerCase();
  const found = documents.filter((d) => [d.title, ...d.facts.map((f) => f[1]), ...d.topics.map((t) => t[0])].join(" ").toLowerCase().includes(wanted));
  document.getElementById("list").replaceChildren(
    ...found.map((d) => {
      const source = d.facts.find(([name]) => name === "source");
      const button = element("button", { type: "button", value: d.id, ariaCurrent: String(d.id === current), onclick: () => read(d, true) }, element("bdi", { textContent: d.title }), element("small", {}, element("bdi", { textContent: `${d.published ?? "no date"} · ${source[1]}` })));
      return element("li", {}, button);
    }),
  );
}

function start() {
  const figures = [...document.querySelectorAll("figure[data-plot]")];
  let width = 0;
  new ResizeObserver(() => {
    if (width === document.body.clientWidth) return;
    width = document.body.clientWidth;
    figures.forEach(draw);
  }).observe(document.body);
  const article = document.getElementById("document");
  for (const [event, act] of [["pointerover", showTip], ["focusin", showTip], ["pointerout", hideTip], ["focusout", hideTip]])
    article.addEventListener(event, ({ target }) => { if (target.dataset?.note) act(target); });
  addEventListener("keydown", ({ key }) => { if (key === "Escape") hideTip(); });
  document.getElementById("find").addEventListener("input", list);
  list();
  const asked = documents.find((d) => location.hash === "#read-" + d.id);
  if (documents.length) read(asked ?? documents[0], false);
  else article.replaceChildren(element("p", { className: "none", textContent: "no documents" }));
}
start();
