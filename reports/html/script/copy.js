// Copying: a button before everything that is worth it.
const buttons = (root) => {
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
