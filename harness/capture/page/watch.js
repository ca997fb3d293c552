"use strict";
// Every text is set as text: what arrives here was sent by somebody else.
const rows = document.getElementById("rows");
const state = document.getElementById("state");
const sender = document.getElementById("sender");
const MOST = 1000;
let count = 0;

function cell(row, text, code, bad) {
  const td = row.insertCell();
  const inner = code ? td.appendChild(document.createElement("code")) : td;
  inner.textContent = text;
  if (bad) { inner.className = "bad"; }
  return td;
}

function shown(event) {
  count += 1;
  state.textContent = count === 1 ? "1 request so far" : count + " requests so far";
  const row = rows.insertRow();
  cell(row, (event.at || "").slice(11, 19));
  const what = cell(row, event.title);
  for (const note of event.notes || []) {
    what.appendChild(document.createElement("small")).textContent = note;
  }
  cell(row, event.person || "");
  cell(row, event.method + " " + event.path, true);
  cell(row, event.trouble || String(event.status), false, event.trouble !== "" || event.status >= 400);
  while (rows.rows.length > MOST) { rows.deleteRow(0); }
}

const source = new EventSource("events");
source.onmessage = (message) => {
  const event = JSON.parse(message.data);
  if (event.event === "exchange") { shown(event); }
  if (event.event === "scenario_started" && event.key.idp) {
    sender.textContent = "Recognised: " + event.key.title.replace("Captured from ", "");
  }
  if (event.event === "capture_refused") {
    const row = rows.insertRow();
    cell(row, (event.at || "").slice(11, 19));
    cell(row, "Somebody was not let in").appendChild(document.createElement("small")).textContent = event.why;
    cell(row, event.peer);
    cell(row, event.method + " " + event.path, true);
    cell(row, String(event.status), false, true);
  }
  if (event.event === "end" || event.event === "run_finished") {
    state.textContent = "The capture has ended; " + count + " requests were written down.";
    source.close();
  }
};
