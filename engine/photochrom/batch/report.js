"use strict";
// The contact sheet of a batch. Only the cards in view are in the document, so that its cost does not grow with the
// batch. Names come from files: they are set as text, never as markup.

const batch = JSON.parse(document.getElementById("batch").textContent);
const byId = (id) => document.getElementById(id);
const sheet = byId("sheet"), dialog = document.querySelector("dialog");
const CARD = { width: 300, height: 330, gap: 12 };
const WORDS = { approve: "Approve", redo: "Redo", gray: "Gray" };
const NOTICED = { negative: " · looks like a negative", faded: " · faded print" };
const KEYS = { 1: "approve", 2: "redo", 3: "gray" };

// ---- Marks: by picture and content of its result, so that a mark ends with the result that it was of.

const store = "photochrom batch " + batch.key;
let marks = {}, kept = true;

function readMarks() {
  try {
    marks = JSON.parse(localStorage.getItem(store)) || {};
  } catch {
    kept = false;
  }
}

function mark(picture, kind, choice) {
  if (kept) readMarks();  // another tab may have written
  if (kind) marks[picture.mark] = kind === "redo" ? { mark: kind, choice } : { mark: kind };
  else delete marks[picture.mark];
  try {
    localStorage.setItem(store, JSON.stringify(marks));
  } catch {
    kept = false;
  }
  byId("announced").textContent = `${picture.name}: ${kind ? WORDS[kind] : "no mark"}`;
  refreshMarks();
}

function exported() {
  const list = batch.pictures.filter((picture) => marks[picture.mark]).map((picture) => {
    const { mark: kind, choice } = marks[picture.mark];
    const { label, ...chosen } = batch.choices[choice] || batch.choices[0];
    return {
      result: picture.name, mark: kind, result_sha256: picture.sha256,
      ...(kind === "redo" ? chosen : {}),
    };
  });
  return [{ folder: batch.folder }, ...list].map((line) => JSON.stringify(line) + "\n").join("");
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([exported()], { type: "application/jsonl" }));
  link.download = "photochrom-marks.jsonl";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// ---- One picture: before and after with a slider, its facts, its marks.

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function pair(picture) {
  const box = element("div", { className: "pair" });
  for (const [kind, address] of [["after", picture.after], ["before", picture.before]]) {
    if (address) {
      const alt = `${picture.name}, ${kind === "before" ? "photograph" : "result"}`;
      box.append(element("img", { className: kind, alt, decoding: "async", src: address, draggable: false }));
    }
  }
  if (!picture.after) box.append(element("span", { className: "missing", textContent: "The result is not there." }));
  const slider = element("input", { type: "range", min: 0, max: 100, step: 0.5, value: 50, tabIndex: -1 });
  slider.setAttribute("aria-label", "How much of the photograph is shown, from the left");
  const move = () => box.style.setProperty("--at", slider.value + "%");
  slider.addEventListener("input", move);
  move();
  box.append(slider);
  return box;
}

function facts(picture) {
  const doubt = element("span", { className: "doubt" }, element("i"));
  doubt.firstChild.style.width = 100 * (picture.doubt ?? 0) + "%";
  const known = picture.doubt === null ? "doubt unknown" : `doubt ${(100 * picture.doubt).toFixed(0)} %`;
  const size = `${picture.width} × ${picture.height}, ${picture.seconds.toFixed(1)} s`;
  const notes = picture.notes.length ? ` · ${picture.notes.join(" ")}` : "";
  const looks = picture.noticed ? [element("b", { textContent: NOTICED[picture.noticed] })] : [];
  const lines = [
    element("div", { className: "facts" }, doubt, known, ...looks),
    element("div", { className: "facts", textContent: `${picture.by} · ${size}${notes}` }),
  ];
  lines[1].title = lines[1].textContent;
  return lines;
}

function markButtons(picture) {
  const row = element("div", { className: "marks" });
  for (const kind of Object.keys(WORDS)) {
    const button = element("button", { type: "button", className: kind, textContent: WORDS[kind], tabIndex: -1 });
    button.addEventListener("click", () => toggle(picture, kind));
    row.append(button);
  }
  const choice = element("select", { title: "Redo with", tabIndex: -1 });
  choice.setAttribute("aria-label", "Redo with");
  fillChoices(choice);
  choice.addEventListener("change", () => mark(picture, "redo", Number(choice.value)));
  row.append(choice);
  return row;
}

function fillChoices(select) {
  batch.choices.forEach(({ label }, index) => select.append(element("option", { value: index, textContent: label })));
}

function showMark(row, picture) {
  const now = marks[picture.mark];
  for (const button of row.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(now?.mark === button.className));
  }
  const select = row.querySelector("select");
  select.hidden = now?.mark !== "redo";
  if (now?.mark === "redo") select.value = String(now.choice ?? 0);
}

function toggle(picture, kind) {
  const right = batch.choices.findIndex((each) => picture.noticed && each.original === picture.noticed);
  const choice = right < 0 ? Number(byId("choice").value) : right;
  mark(picture, marks[picture.mark]?.mark === kind ? null : kind, choice);
}

function face(picture) {
  return [pair(picture), element("div", { className: "name", textContent: picture.name, title: picture.source }),
    ...facts(picture), markButtons(picture)];
}

// ---- The sheet: which pictures, in which order, and where.

const orders = {
  doubt: (a, b) => (b.doubt ?? -1) - (a.doubt ?? -1),
  name: (a, b) => (a.name < b.name ? -1 : 1),
  seconds: (a, b) => b.seconds - a.seconds,
};
let listed = [], current = 0, columns = 1, width = CARD.width;
const cards = new Map();

function list() {
  const wanted = byId("find").value.toLowerCase(), shown = byId("shown").value, before = listed[current];
  listed = batch.pictures.filter((picture) => {
    const kind = marks[picture.mark]?.mark;
    const fits = !shown || (shown === "noticed" ? Boolean(picture.noticed) : shown === (kind ?? "unmarked"));
    return picture.name.toLowerCase().includes(wanted) && fits;
  }).sort(orders[byId("order").value]);
  current = Math.max(0, listed.indexOf(before));
  for (const card of cards.values()) card.remove();
  cards.clear();
  place();
}

function place() {
  columns = Math.max(1, Math.floor((sheet.clientWidth + CARD.gap) / (CARD.width + CARD.gap)));
  width = (sheet.clientWidth - (columns - 1) * CARD.gap) / columns;
  const rows = Math.ceil(listed.length / columns);
  sheet.style.height = `${Math.max(0, rows * (CARD.height + CARD.gap) - CARD.gap)}px`;
  for (const [index, card] of cards) position(card, index);
  draw();
  count();
}

function position(card, index) {
  card.style.width = `${width}px`;
  card.style.height = `${CARD.height}px`;
  card.style.left = `${(index % columns) * (width + CARD.gap)}px`;
  card.style.top = `${Math.floor(index / columns) * (CARD.height + CARD.gap)}px`;
}

function draw() {
  const step = CARD.height + CARD.gap, top = -sheet.getBoundingClientRect().top;
  const first = Math.max(0, Math.floor(top / step) - 2) * columns;
  const last = Math.min(listed.length, (Math.ceil((top + innerHeight) / step) + 2) * columns);
  for (const [index, card] of cards) {
    if ((index < first || index >= last) && index !== current) {
      card.remove();
      cards.delete(index);
    }
  }
  for (let index = first; index < last; index += 1) if (!cards.has(index)) cards.set(index, made(index));
}

function made(index) {
  const picture = listed[index];
  const card = element("article", { className: "card", tabIndex: index === current ? 0 : -1 }, ...face(picture));
  card.setAttribute("role", "listitem");
  card.setAttribute("aria-setsize", listed.length);
  card.setAttribute("aria-posinset", index + 1);
  card.classList.toggle("current", index === current);
  card.addEventListener("pointerdown", () => choose(index, false));
  card.addEventListener("focus", () => choose(index, false));
  card.querySelector(".pair").addEventListener("dblclick", () => { choose(index, false); open(); });
  position(card, index);
  showMark(card.querySelector(".marks"), picture);
  sheet.append(card);
  return card;
}

function choose(index, moving) {
  if (!listed.length) return;
  const earlier = cards.get(current);
  earlier?.classList.remove("current");
  if (earlier) earlier.tabIndex = -1;
  current = Math.min(listed.length - 1, Math.max(0, index));
  if (moving) {
    const step = CARD.height + CARD.gap, tools = document.querySelector(".tools").offsetHeight;
    const top = sheet.getBoundingClientRect().top + Math.floor(current / columns) * step;
    if (top < tools + CARD.gap) scrollBy(0, top - tools - CARD.gap);
    else if (top + step > innerHeight) scrollBy(0, top + step - innerHeight);
    draw();
  }
  const card = cards.get(current);
  card?.classList.add("current");
  if (card) card.tabIndex = 0;
  if (moving && !dialog.open) card?.focus({ preventScroll: true });
}

function open() {
  const picture = listed[current];
  if (!picture) return;
  const link = element("a", { href: picture.result, target: "_blank", rel: "noopener", textContent: "the result's file" });
  dialog.replaceChildren(...face(picture), element("div", { className: "facts" }, link));
  showMark(dialog.querySelector(".marks"), picture);
  if (!dialog.open) dialog.showModal();
}

function refreshMarks() {
  for (const [index, card] of cards) showMark(card.querySelector(".marks"), listed[index]);
  if (dialog.open) showMark(dialog.querySelector(".marks"), listed[current]);
  count();
}

function count() {
  const found = { approve: 0, redo: 0, gray: 0 };
  for (const picture of batch.pictures) if (marks[picture.mark]) found[marks[picture.mark].mark] += 1;
  const said = `${listed.length} of ${batch.pictures.length} · ${found.approve} approved, ${found.redo} to redo, ` +
    `${found.gray} to leave gray`;
  byId("count").textContent = kept ? said : `${said} · this browser keeps no marks: export them before you close`;
  byId("export").disabled = !(found.approve + found.redo + found.gray);
}

function slide(amount) {
  const slider = (dialog.open ? dialog : cards.get(current))?.querySelector(".pair input");
  if (!slider) return;
  slider.value = Number(slider.value) + amount;
  slider.dispatchEvent(new Event("input"));
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.matches('select, input[type="search"]');
  if (writing || event.ctrlKey || event.altKey || event.metaKey) return;
  const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns,
    Home: -listed.length, End: listed.length };
  if (event.shiftKey && along) slide(5 * along);
  else if (event.key in moves) {
    choose(current + moves[event.key], true);
    if (dialog.open) open();
  } else if (event.key in KEYS && listed[current]) toggle(listed[current], KEYS[event.key]);
  else if (event.key === "0" && listed[current]) mark(listed[current], null);
  else if (event.key === "Enter" && !dialog.open && !event.target.matches("button, summary, a")) open();
  else return;
  event.preventDefault();
});

dialog.addEventListener("close", () => choose(current, true));
let waiting = false;
addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}, { passive: true });
new ResizeObserver(place).observe(sheet);
addEventListener("storage", (event) => { if (event.key === store) { readMarks(); refreshMarks(); } });
for (const id of ["order", "shown", "find"]) byId(id).addEventListener("input", () => { list(); scrollToTop(); });
byId("export").addEventListener("click", download);

function scrollToTop() {
  const top = sheet.getBoundingClientRect().top + scrollY - document.querySelector(".tools").offsetHeight - CARD.gap;
  if (scrollY > top) scrollTo(0, top);
}

fillChoices(byId("choice"));
readMarks();
list();
