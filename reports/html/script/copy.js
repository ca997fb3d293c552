// Copying: a button before everything that is worth it, and a row of them where there are several forms of one thing.
const buttons = (root) => {
  for (const forms of root.querySelectorAll("details.forms")) {
    if (forms.parentElement.querySelector(":scope > .tools")) continue;
    const row = document.createElement("p");
    row.className = "tools";
    row.append("Copy as ");
    for (const text of forms.querySelectorAll("pre[data-copy]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text.dataset.copy;
      button.setAttribute("aria-label", "Copy as " + text.dataset.copy);
      button.addEventListener("click", () => copy(text));
      row.append(button, " ");
    }
    forms.before(row);
  }
  for (const text of root.querySelectorAll("pre[data-copy]")) {
    if (text.previousElementSibling && text.previousElementSibling.matches("button.copy")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    if (text.dataset.copy) button.setAttribute("aria-label", "Copy " + text.dataset.copy);
    text.before(button);
  }
};
const copy = async (element) => {
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    if (!document.execCommand("copy")) { say("Could not copy: the text is selected, copy it by keyboard."); return; }
  }
  say("Copied.");
};
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("button.copy");
  if (button) copy(button.nextElementSibling);
});
