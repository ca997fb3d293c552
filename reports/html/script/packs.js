// What is packed: gzip in base64, in blocks that no browser runs.
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("said").textContent = text; };

const unpacked = new Map();
const KEPT = 12; // So many unpacked chunks stay in memory: the rest are unpacked again when they are needed.
const unpack = (name) => {
  if (!unpacked.has(name)) {
    unpacked.set(name, inflate(name));
    if (unpacked.size > KEPT) unpacked.delete(unpacked.keys().next().value);
  }
  return unpacked.get(name);
};
const inflate = async (name) => {
  const block = byId("pack-" + name);
  if (!block) throw new Error("this file does not hold it");
  if (typeof DecompressionStream === "undefined") throw new Error("this browser cannot unpack it");
  const text = atob(block.textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

// The index is needed for everything that is not plain, and kept.
let theIndex;
const index = () => { theIndex = theIndex || inflate("index").then(numbered); return theIndex; };
const numbered = (told) => {
  told.at = new Map(told.rows.id.map((id, row) => [id, row]));
  return told;
};

const parsed = (html) => {
  // The fragment was escaped by the same templates as the rest of the page; a parsed document runs no script, and the
  // policy of the page would not allow one.
  const made = new DOMParser().parseFromString(html, "text/html");
  return document.adoptNode(made.body);
};
const fill = async (box) => {
  if (!box || box.dataset.state) return;
  box.dataset.state = "loading";
  try {
    const fragments = await unpack(box.dataset.chunk);
    box.replaceChildren(...parsed(fragments[box.dataset.fragment]).childNodes);
    filled(box);
    box.dataset.state = "filled";
  } catch (error) {
    box.dataset.state = "";
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = "Could not be opened: " + error.message + ". The same is in exchanges.jsonl.";
    box.prepend(note);
  }
};
const filled = (box) => {
  buttons(box);
  for (const open of box.querySelectorAll("details[open]")) fillOf(open);
};
// The boxes that belong to a details element itself, not to one inside it.
const fillOf = (details) => Promise.all([...details.querySelectorAll("[data-fragment]")]
  .filter((box) => box.parentElement.closest("details") === details).map(fill));

document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (!details.open) return;
  fillOf(details);
  // A scenario with several blocks shows the first one at once.
  const first = details.querySelector(":scope > details.block[open]");
  if (first) fillOf(first);
}, true);
